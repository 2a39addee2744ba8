import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { ROOT } from "../stack/build"

type Report = { diagnostics: { message: string; location: { path: string } }[] }

/**
 * Lints files that don't exist, by path and text, under the product's own rules. Returns "path: message" for each
 * finding.
 */
export async function lintFiles(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "credits-lint-"))
  try {
    const rules = JSON.parse(await readFile(join(ROOT, "biome.json"), "utf8")) as { plugins: string[] }
    const plugins = rules.plugins.map((path) => join(ROOT, path))
    // There is no repository here, so Biome can't ask git which files to leave out.
    const here = { ...rules, plugins, vcs: undefined, $schema: undefined }
    await writeFile(join(folder, "biome.json"), JSON.stringify(here))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const { diagnostics } = JSON.parse(await biome(folder)) as Report
    return diagnostics.map(({ message, location }) => `${location.path}: ${message}`).sort()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns code with an import that is used, which is all that lint looks at. */
export function importing(specifier: string): string {
  return `import { it } from "${specifier}"\n\nconsole.log(it)\n`
}

function biome(cwd: string): Promise<string> {
  const cli = join(ROOT, "node_modules/@biomejs/biome/bin/biome")
  return new Promise((resolve, reject) => {
    const args = [cli, "lint", "--reporter=json", "--max-diagnostics=none", "."]
    execFile(process.execPath, args, { cwd }, (error, output) => (output ? resolve(output) : reject(error)))
  })
}
