import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { TAX_ID_TYPES } from "./tax-id-types"

test("the kinds of tax ids are those of the installed SDK", () => {
  const sdk = dirname(dirname(createRequire(import.meta.url).resolve("stripe")))
  const text = readFileSync(join(sdk, "esm", "resources", "Customers.d.ts"), "utf8")
  const [, union = ""] = /namespace CustomerCreateTaxIdParams \{\s*type Type = ([^;]+);/.exec(text) ?? []
  expect([...TAX_ID_TYPES]).toEqual([...union.matchAll(/'(\w+)'/g)].map(([, type]) => type))
  expect(TAX_ID_TYPES.length).toBeGreaterThan(100)
})
