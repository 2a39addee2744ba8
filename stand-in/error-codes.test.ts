import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { DECLINE_CODES } from "./cards/decline-codes"

const here = dirname(fileURLToPath(import.meta.url))
const sdk = dirname(dirname(createRequire(import.meta.url).resolve("stripe")))

/** Returns each error code that the SDK's types name for a refused payment, setup or invoice. */
function codesOfSdk(): Set<string> {
  const declarations = ["PaymentIntents", "SetupIntents", "Invoices"].map((name) =>
    readFileSync(join(sdk, "esm", "resources", `${name}.d.ts`), "utf8"),
  )
  const unions = declarations.flatMap((text) => text.match(/type Code = [^;]+;/g) ?? [])
  return new Set(unions.flatMap((union) => [...union.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? "")))
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /(?<!\.test)\.ts$/.test(entry.name) ? [path] : []
  })
}

/** Returns each `code: "…"` in the source: everything that an answer, an intent or an attempt can say. */
function codesOfStandIn(): Array<[code: string, file: string]> {
  return sources(here).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\bcode: "(\w+)"/g)].map((match): [string, string] => [
      match[1] ?? "",
      path.slice(here.length + 1),
    ]),
  )
}

test("every error code is one that the SDK's types name", () => {
  const known = codesOfSdk()
  expect(known.size).toBeGreaterThan(150)
  const used = codesOfStandIn()
  expect(used.length).toBeGreaterThan(25)
  expect(used.filter(([code]) => !known.has(code))).toEqual([])
})

test("a code is always written out, so that it can be found", () => {
  const built = sources(here).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\bcode: [`(]/g)].map(() => path.slice(here.length + 1)),
  )
  expect(built).toEqual([])
})

test("decline codes that are error codes themselves are known to the SDK too", () => {
  const known = codesOfSdk()
  const source = readFileSync(join(here, "cards/cards.ts"), "utf8")
  const own = source.slice(
    source.indexOf("OWN_ERROR_CODES"),
    source.indexOf("]\n", source.indexOf("OWN_ERROR_CODES")),
  )
  const codes = [...own.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "")
  expect(codes.length).toBeGreaterThan(5)
  expect(codes.filter((code) => !known.has(code))).toEqual([])
  expect(DECLINE_CODES).toEqual(expect.arrayContaining(codes))
})
