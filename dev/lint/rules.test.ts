import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../stack/build"
import { readFloors } from "./floors"
import { importing, lintFiles } from "./lint-files"

type Options = {
  paths?: Record<string, { message: string } | string>
  patterns: { group: string[]; message: string }[]
}
type Override = {
  includes: string[]
  linter: { rules: { style: { noRestrictedImports: { options: Options } } } }
}
type Rule = { path: string; target: string; message: string }

const { overrides } = JSON.parse(readFileSync(join(ROOT, "biome.json"), "utf8")) as { overrides: Override[] }

const A_NEW_FOLDER = "lib/brand-new"

/** The folders of lib with rules of their own: edges, adapters, and the two that know less than a use case. */
const EDGES = ["api", "jobs", "web"]
const ADAPTERS = ["auth", "db", "live", "mail", "stripe", "webhooks"]
const KNOW_LESS = ["ledger", "money"]
const OWN_RULES = [...EDGES, ...ADAPTERS, ...KNOW_LESS]

/** Every other folder of lib holds use cases, and so does a new one. */
const USE_CASES = readFloors("lib").filter((folder) => !OWN_RULES.includes(folder))
const useCaseFolders = [A_NEW_FOLDER, ...USE_CASES.map((folder) => `lib/${folder}`)]

/** Returns each spelling of a glob with braces. */
function spellingsOf(glob: string): string[] {
  const [all, names] = /\{([^}]*)\}/.exec(glob) ?? []
  if (all === undefined || names === undefined) return [glob]
  return names.split(",").flatMap((name) => spellingsOf(glob.replace(all, name)))
}

/** An import that the pattern matches. */
const exampleOf = (pattern: string) =>
  pattern
    .replace(/^\*\*\//, "../")
    .replace(/\*\*/g, "some/where")
    .replace(/\*/g, "some")

/** Returns files that the glob matches, one per folder. None for a glob that names one file. */
function filesOf(glob: string, name: string): string[] {
  if (glob === "lib/*/**") return useCaseFolders.map((folder) => `${folder}/${name}.ts`)
  if (glob.endsWith("/**")) return [`${glob.slice(0, -"/**".length)}/${name}.ts`]
  return glob.includes("*") ? [glob.replace("**/", "").replace("*", name)] : []
}

/** Everything that biome.json refuses, once for each folder that it names, with a file in which it has to. */
const rules: Rule[] = overrides.flatMap(({ includes, linter }) => {
  const { paths = {}, patterns } = linter.rules.style.noRestrictedImports.options
  const refused = [
    ...Object.entries(paths).map(([target, rule]) => ({
      target,
      message: typeof rule === "string" ? rule : rule.message,
    })),
    ...patterns.flatMap(({ group, message }) =>
      group
        .filter((pattern) => !pattern.startsWith("!"))
        .flatMap(spellingsOf)
        .map((pattern) => ({ target: exampleOf(pattern), message })),
    ),
  ]
  const globs = includes.filter((glob) => !glob.startsWith("!")).flatMap(spellingsOf)
  return globs.flatMap((glob) =>
    refused.flatMap((rule, n) => filesOf(glob, `rule-${n}`).map((path) => ({ ...rule, path }))),
  )
})

const allowed = Object.entries({
  [`${A_NEW_FOLDER}/types`]: `import type { Db } from "@/lib/db/client"\n\nexport type Its = { db: Db }\n`,
  [`${A_NEW_FOLDER}/own`]: importing("./store"),
  [`${A_NEW_FOLDER}/other`]: importing("@/lib/purchases/find-purchase"),
  "lib/auth/env": importing("@/lib/env"),
  "lib/auth/next": importing("next/headers"),
  "lib/stripe/sdk": importing("stripe"),
  "lib/db/driver": importing("pg"),
  "lib/jobs/queue": importing("graphile-worker"),
  "lib/ledger/money": importing("@/lib/money/usd"),
  "components/credits/schema": importing("@/lib/purchases/schema"),
  "components/ui/primitive": importing("@/components/ui/button"),
  "app/teams/queries": importing("@/lib/teams/queries"),
}).map(([path, text]) => ({ path: `${path}.ts`, text }))

const environment = [A_NEW_FOLDER, "lib/stripe", "components/teams"].map(
  (folder) => `${folder}/environment.ts`,
)

let found: string[]

beforeAll(async () => {
  found = await lintFiles({
    ...Object.fromEntries(rules.map(({ path, target }) => [path, importing(target)])),
    ...Object.fromEntries(allowed.map(({ path, text }) => [path, text])),
    ...Object.fromEntries(environment.map((path) => [path, "export const port = process.env.PORT\n"])),
  })
})

describe("lint refuses", () => {
  test("what biome.json says, in each folder that it names", () => {
    expect(rules.length).toBeGreaterThan(500)
    expect(rules.filter(({ path, message }) => !found.includes(`${path}: ${message}`))).toEqual([])
  })

  test("less in no folder of lib but the edges and adapters", () => {
    const named = overrides.flatMap(({ includes }) => includes.flatMap(spellingsOf))
    const own = named.flatMap((glob) => /^lib\/([a-z-]+)\//.exec(glob)?.[1] ?? [])
    expect(own.sort()).toEqual(OWN_RULES.toSorted())
  })

  test("in a folder that is made today what a use case may not know", () => {
    const targets = rules
      .filter(({ path }) => path.startsWith(`${A_NEW_FOLDER}/`))
      .map(({ target }) => target)
    expect(targets).toEqual(
      expect.arrayContaining([
        ...["stripe", "next", "react", "next-auth", "pg", "graphile-worker", "@/app/some/where"],
        ...[
          "@/lib/env",
          "@/lib/web/some/where",
          "@/lib/some/store",
          "../some/where",
          "@/lib/db/client",
          "@/stand-in/some/where",
        ],
      ]),
    )
  })

  test.each(environment)("the environment in %s", (path) => {
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${path}: .*process\\.env`)))
  })

  test("primitives that import another component's folder, or anything of the product", () => {
    const targets = rules.filter(({ path }) => path.startsWith("components/ui/")).map(({ target }) => target)
    expect(targets).toEqual(expect.arrayContaining(["@/components/some/where", "@/lib/some/where"]))
  })
})

test.each(allowed)("lint allows $path", ({ path }) => {
  expect(found.filter((finding) => finding.startsWith(`${path}:`))).toEqual([])
})
