import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../stack/build"
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

/** Each spelling of a glob with braces. */
function spellingsOf(glob: string): string[] {
  const [all, names] = /\{([^}]*)\}/.exec(glob) ?? []
  if (all === undefined || names === undefined) return [glob]
  return names.split(",").flatMap((name) => spellingsOf(glob.replace(all, name)))
}

/** An import that a pattern is about. */
const exampleOf = (pattern: string) =>
  pattern
    .replace(/^\*\*\//, "../")
    .replace(/\*\*/g, "some/where")
    .replace(/\*/g, "some")

/** A file of its own that a glob is about. Null for a glob that names one file. */
function fileOf(glob: string, name: string): string | null {
  if (glob.endsWith("/**")) return `${glob.slice(0, -"/**".length).replace("*", "brand-new")}/${name}.ts`
  return glob.includes("*") ? glob.replace("**/", "").replace("*", name) : null
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
    refused.flatMap((rule, n) => {
      const path = fileOf(glob, `rule-${n}`)
      return path === null ? [] : { ...rule, path }
    }),
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
    expect(rules.length).toBeGreaterThan(200)
    expect(rules.filter(({ path, message }) => !found.includes(`${path}: ${message}`))).toEqual([])
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
