import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

type Pattern = { group: string[]; message: string }
type Restricted = { paths?: Record<string, unknown>; patterns: Pattern[] }
type Override = {
  includes: string[]
  linter?: { rules?: { style?: { noRestrictedImports?: { options: Restricted } } } }
}
type Config = { overrides: Override[]; plugins?: string[] }

const config: Config = JSON.parse(readFileSync("biome.json", "utf8"))
const ROOM = mkdtempSync(join(tmpdir(), "lint-"))

/** A file, by its path, and whether lint is to refuse what it imports. */
type Case = { path: string; text: string }
const cases: Case[] = []
const refused = new Set<string>()

/** The folders that an override names, with a new one where it means any. */
function foldersOf(glob: string): string[] {
  const [, before = "", names, after = ""] = /^([^{]*)(?:\{([^}]*)\})?(.*)$/.exec(glob) ?? []
  const globs = names === undefined ? [before] : names.split(",").map((name) => `${before}${name}${after}`)
  return globs.map((each) => each.replace("/**", "").replace("*", "brand-new"))
}

/** An import that a pattern means. */
const exampleOf = (pattern: string) =>
  pattern
    .replace(/^\*\*\//, "../")
    .replace(/\*\*/g, "some/where")
    .replace(/\*/g, "some")

const importing = (target: string) => `import { some } from "${target}"\nexport const used = some\n`

/** Every rule of every override: what it refuses, and a file in which it must. */
const rules = config.overrides.flatMap(({ includes, linter }) => {
  const options = linter?.rules?.style?.noRestrictedImports?.options
  if (!options) return []
  const targets = [
    ...Object.keys(options.paths ?? {}),
    ...options.patterns.flatMap(({ group }) => group.filter((each) => !each.startsWith("!")).map(exampleOf)),
  ]
  return foldersOf(includes[0] ?? "").flatMap((folder) =>
    targets.map((target, n) => ({ folder, target, path: `${folder}/rule-${n}.ts` })),
  )
})

const DOMAIN = "lib/brand-new"
const allowed = [
  [DOMAIN, `import type { Db } from "@/lib/db/client"\nexport type A = Db`],
  [DOMAIN, importing("./store")],
  [DOMAIN, importing("@/lib/purchases/find-purchase")],
  ["lib/auth", importing("@/lib/env")],
  ["lib/auth", importing("next/headers")],
  ["lib/stripe", importing("stripe")],
  ["lib/db", importing("pg")],
  ["lib/jobs", importing("graphile-worker")],
  ["lib/api", importing("@/lib/web/problem")],
  ["lib/ledger", importing("@/lib/money/usd")],
  ["components/credits", importing("@/lib/purchases/schema")],
  ["components/ui", importing("@/components/ui/button")],
  ["app/teams", importing("@/lib/teams/queries")],
].map(([folder, text = ""], n) => ({ path: `${folder}/allowed-${n}.ts`, text }))

beforeAll(async () => {
  for (const { path, target } of rules) cases.push({ path, text: importing(target) })
  cases.push(...allowed)
  cases.push({ path: `${DOMAIN}/environment.ts`, text: "export const port = process.env.PORT\n" })
  for (const { path, text } of cases) {
    mkdirSync(dirname(join(ROOM, path)), { recursive: true })
    writeFileSync(join(ROOM, path), text)
  }
  cpSync("biome.json", join(ROOM, "biome.json"))
  for (const plugin of config.plugins ?? []) cpSync(plugin, join(ROOM, plugin))
  const args = ["lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none"]
  const ended = promisify(execFile)(resolve("node_modules/.bin/biome"), args, {
    cwd: ROOM,
    maxBuffer: 2 ** 26,
  })
  // It ends with a failure, because that is what it was given.
  const { stdout }: { stdout: string } = await ended.catch((error) => error)
  for (const { category, location } of JSON.parse(stdout).diagnostics)
    if (/noRestrictedImports|noProcessEnv/.test(category)) refused.add(location.path.file ?? location.path)
})

afterAll(() => rmSync(ROOM, { recursive: true }))

test.each(rules)("lint refuses $target in $folder", ({ path }) => {
  expect(refused).toContain(path)
})

test("lint refuses the environment in a folder made today", () => {
  expect(refused).toContain(`${DOMAIN}/environment.ts`)
})

test.each(allowed)("lint allows in $path: $text", ({ path }) => {
  expect(refused).not.toContain(path)
})

describe("the folders that rules are about", () => {
  test("a folder made today is under the rules of use cases", () => {
    const targets = rules.filter(({ folder }) => folder === DOMAIN).map(({ target }) => target)
    expect(targets).toEqual(
      expect.arrayContaining(["stripe", "next", "pg", "@/lib/env", "@/lib/some/store", "@/lib/db/client"]),
    )
  })
})
