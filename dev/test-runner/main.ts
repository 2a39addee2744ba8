import { spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { requireBrowser } from "../stack/browser"
import { buildApp, ROOT } from "../stack/build"
import { startTestPostgres } from "../testing/vitest-postgres"

const BIN = join(ROOT, "node_modules")
const startedAt = Date.now()
const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`

/** Runs one tool to its end. Shows its output as it comes, or only if it fails. */
function run(
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

async function countTests(files: string[]): Promise<number> {
  let passed = 0
  for (const file of files) {
    const report = JSON.parse(await readFile(file, "utf8")) as {
      numPassedTests?: number
      stats?: { expected: number }
    }
    passed += report.numPassedTests ?? report.stats?.expected ?? 0
  }
  return passed
}

const scratch = await mkdtemp(join(tmpdir(), "credits-check-"))
const reports = { vitest: join(scratch, "vitest.json"), playwright: join(scratch, "playwright.json") }
const only = process.argv.slice(2)
let code = 0
try {
  requireBrowser(() => console.log("Installing Chromium for the browser tests…"))
  const postgres = await startTestPostgres()
  const env = { TEST_POSTGRES_URL: postgres.url }
  try {
    const checks = async () => {
      await run(
        "format and lint",
        [join(BIN, "@biomejs/biome/bin/biome"), "ci", "--colors=off", "--error-on-warnings", "."],
        { quiet: true },
      )
      await run("types", [join(BIN, "typescript/bin/tsc"), "--noEmit", "-p", "."], { quiet: true })
      const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${reports.vitest}`]
      await run("unit and database tests", [join(BIN, "vitest/vitest.mjs"), "run", ...reporters], { env })
    }
    const build = async () => {
      await buildApp(() => console.log("Building the app…"))
      console.log(`✓ build (${elapsed()})`)
    }
    await Promise.all([checks(), build()])
    await run("browser tests", [join(BIN, "@playwright/test/cli.js"), "test", ...only], {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: reports.playwright },
    })
  } finally {
    await postgres.stop()
  }
  console.log(
    `\nEverything passed in ${elapsed()}.\n${await countTests(Object.values(reports))} passed, 0 failed`,
  )
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error} (${elapsed()})`)
  code = 1
} finally {
  await rm(scratch, { recursive: true, force: true })
}
process.exit(code)
