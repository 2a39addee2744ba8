import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { hashFiles, listFiles } from "./hash-files"
import { startNode } from "./processes"

export const ROOT = new URL("../..", import.meta.url).pathname
const SOURCES = ["app", "components", "lib", "public"]
const FILES = [
  "package-lock.json",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "proxy.ts",
  "instrumentation.ts",
]

/** Makes the production build unless the present one comes from exactly these sources. Returns whether it built. */
export async function buildApp(
  onStart: () => void = () => undefined,
  { distDir = ".next", env = {} }: { distDir?: string; env?: Record<string, string> } = {},
): Promise<boolean> {
  const stamp = join(ROOT, distDir, "source-hash")
  const hash = await hashSources()
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === hash) return false
  onStart()
  const lines: string[] = []
  const build = startNode({
    name: "next build",
    args: [join(ROOT, "node_modules/next/dist/bin/next"), "build"],
    cwd: ROOT,
    // `npm test` checks all types once, beside the build.
    env: {
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NEXT_DIST_DIR: distDir,
      TYPES_CHECKED_APART: "1",
      ...env,
    },
    onLine: (line) => void lines.push(line),
  })
  const stop = () => void build.stop("SIGKILL")
  process.once("exit", stop)
  const code = await build.ended
  process.removeListener("exit", stop)
  if (code !== 0) throw new Error(`The build failed:\n${lines.join("\n")}`)
  await writeFile(stamp, hash)
  return true
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256").update(process.version)
  const listed = await Promise.all(SOURCES.map((folder) => listFiles(join(ROOT, folder))))
  const paths = listed.flat().filter((path) => !/\.test\.tsx?$/.test(path))
  await hashFiles(hash, ROOT, [...paths.sort(), ...FILES.map((file) => join(ROOT, file))])
  return hash.digest("hex")
}
