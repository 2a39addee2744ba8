import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { AUDIT_GROUPS, AUDIT_KINDS, deedOf, kindName } from "./kinds"

const lib = join(import.meta.dirname, "..")
const source = readdirSync(lib, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.includes(".test.") && path !== join("audit", "kinds.ts"))
  .map((path) => readFileSync(join(lib, path), "utf8"))
  .join("\n")

test("every kind of event is written by somebody", () => {
  expect(Object.keys(AUDIT_KINDS).filter((kind) => !source.includes(`"${kind}"`))).toEqual([])
})

test("a kind is a noun and what happened to it, and belongs to a group", () => {
  for (const [kind, { group, deed }] of Object.entries(AUDIT_KINDS)) {
    expect(kind).toMatch(/^[a-z_]+\.[a-z_]+$/)
    expect(AUDIT_GROUPS).toHaveProperty(group)
    expect(deed, kind).toMatch(/^[a-z].*[^.]$/)
  }
})

test("a kind has a name to choose by, and words for its rows, even if nobody writes it any more", () => {
  expect(kindName("api_key.created")).toBe("API key created")
  expect(kindName("auto_top_up.changed")).toBe("Auto top-up changed")
  expect(deedOf("api_key.created")).toBe("made the API key")
  expect(deedOf("fax.sent")).toBe("fax sent")
})
