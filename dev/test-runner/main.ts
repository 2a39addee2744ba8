import { mkdtemp, readFile, rm } from "node:fs/promises"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { requireBrowser } from "../stack/browser"
import { buildApp, ROOT } from "../stack/build"
import { startTestPostgres } from "../testing/vitest-postgres"
import { elapsed, run } from "./run"
import { isStandInChecked, noteStandInChecked } from "./stand-in-stamp"

const BIN = join(ROOT, "node_modules")
const ALL = "--all"
const PARTS = ["unit", "database", "stand-in"] as const
type Part = (typeof PARTS)[number]

const scratch = await mkdtemp(join(tmpdir(), "credits-check-"))
const reports = { vitest: join(scratch, "vitest.json"), playwright: join(scratch, "playwright.json") }
const runsAll = process.argv.includes(ALL)
const only = process.argv.slice(2).filter((argument) => argument !== ALL)
let code = 0
try {
  requireBrowser(() => console.log("Installing Chromium for the browser tests…"))
  const postgres = await startTestPostgres()
  try {
    await test({ TEST_POSTGRES_URL: postgres.url })
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

/**
 * Runs two lanes side by side, because each waits often: checks that need no build, and checks that do. Both run to
 * the end, so that one run shows everything that fails.
 */
async function test(env: Record<string, string>): Promise<void> {
  const results = await Promise.allSettled([testCode(env), testPages(env)])
  const failures = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []))
  if (failures.length > 0) throw new Error(failures.join("\n"))
}

async function testCode(env: Record<string, string>): Promise<void> {
  await run(
    "format and lint",
    [join(BIN, "@biomejs/biome/bin/biome"), "ci", "--colors=off", "--error-on-warnings", "."],
    { quiet: true },
  )
  // More of TypeScript's threads check the same types again.
  const checkers = String(Math.max(1, availableParallelism() - 1))
  await run("types", [join(BIN, "typescript/bin/tsc"), "--noEmit", "--checkers", checkers], { quiet: true })
  const skipsStandIn = !runsAll && (await isStandInChecked())
  if (skipsStandIn) console.log(`- stand-in: unchanged since its own tests passed (npm test -- ${ALL})`)
  const parts = PARTS.filter((part) => part !== "stand-in" || !skipsStandIn)
  await run(`${inWords(parts)} tests`, [join(BIN, "vitest/vitest.mjs"), "run", ...vitestArgs(parts)], {
    env,
    quiet: true,
  })
  if (!skipsStandIn) await noteStandInChecked()
}

async function testPages(env: Record<string, string>): Promise<void> {
  await buildApp(() => console.log("Building the app…"))
  console.log(`✓ build (${elapsed()})`)
  await run("browser tests", [join(BIN, "@playwright/test/cli.js"), "test", ...only], {
    env: {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: reports.playwright,
      ...(runsAll ? { FULL_SIZE: "1" } : {}),
    },
  })
}

function inWords(parts: Part[]): string {
  return parts.join(", ").replace(/, ([^,]*)$/, " and $1")
}

function vitestArgs(parts: Part[]): string[] {
  const projects = parts.map((part) => `--project=${part}`)
  return [...projects, "--reporter=dot", "--reporter=json", `--outputFile.json=${reports.vitest}`]
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
