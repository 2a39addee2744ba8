import { spawn } from "node:child_process"
import { ROOT } from "../stack/build"

const startedAt = Date.now()

/** How long the whole has taken so far. */
export const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`

/** Runs one tool to its end. Shows its output as it comes, or, if it is quiet, only when it fails. */
export function run(
  title: string,
  args: string[],
  options: { env?: Record<string, string>; quiet?: boolean } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env, ...(options.quiet ? { NO_COLOR: "1" } : {}) },
      stdio: ["ignore", options.quiet ? "pipe" : "inherit", options.quiet ? "pipe" : "inherit"],
    })
    const output: Buffer[] = []
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk))
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk))
    child.once("error", reject)
    child.once("exit", (code) => {
      if (code === 0) {
        console.log(`✓ ${title} (${elapsed()})`)
        return resolve()
      }
      process.stdout.write(Buffer.concat(output))
      reject(new Error(`${title}: failed`))
    })
  })
}
