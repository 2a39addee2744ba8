import { expect, test } from "vitest"
import { toSearchText } from "./schema"

test("of a whole API key only its visible end is looked for", () => {
  const key = `ck_${"0".repeat(26)}_${"s".repeat(39)}a1-B`
  expect(toSearchText(` ${key}\n`)).toBe("ck_…a1-B")
  expect(toSearchText(key.slice(0, -1))).toBe(key.slice(0, -1))
})

test.each([
  ["  Ada\u0000Marlow\r\n", "Ada Marlow"],
  ["\u202eAda\u202c", "Ada"],
  ["\u200fمحمد", "محمد"],
  ["Zoe\u0308", "Zoë"],
  ["\ud800", ""],
  ["👩‍🔬", "👩‍🔬"],
])("%j is read as %j", (typed, text) => {
  expect(toSearchText(typed)).toBe(text)
})
