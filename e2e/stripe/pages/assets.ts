import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = join(dirname(fileURLToPath(import.meta.url)), "../browser")
const scripts = new Map<string, string>()

/** A browser script as JavaScript, without its types; made when it is first asked for. */
export async function browserScript(name: string): Promise<string> {
  const ready = scripts.get(name)
  if (ready !== undefined) return ready
  const { default: ts } = await import("typescript")
  const source = readFileSync(join(folder, `${name}.ts`), "utf8")
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const text = outputText.replace(/from "\.\/([\w-]+)"/g, 'from "/assets/$1.js"')
  scripts.set(name, text)
  return text
}

export function styleSheet(name: string): string {
  return readFileSync(join(folder, `${name}.css`), "utf8")
}
