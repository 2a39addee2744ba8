import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = join(dirname(fileURLToPath(import.meta.url)), "../browser")
const scripts = new Map<string, Promise<string>>()

/** Bundles a browser script and all it imports into one text, when first requested. */
export function browserScript(name: string, define: Record<string, string> = {}): Promise<string> {
  const key = JSON.stringify([name, define])
  const ready = scripts.get(key) ?? bundle(name, define)
  scripts.set(key, ready)
  return ready
}

async function bundle(name: string, define: Record<string, string>): Promise<string> {
  const { build } = await import("esbuild")
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    define,
  })
  return outputFiles[0]?.text ?? ""
}

/**
 * `window.Stripe`. It is told its origin instead of looking at its own address, which is js.stripe.com where a
 * browser test answers for that host.
 */
export function stripeScript(origin: string): Promise<string> {
  return browserScript("stripe", { STAND_IN_ORIGIN: JSON.stringify(origin) })
}

export function styleSheet(name: string): string {
  return readFileSync(join(folder, `${name}.css`), "utf8")
}
