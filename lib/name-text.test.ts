import { describe, expect, test } from "vitest"
import { nameText } from "./name-text"

const schema = nameText({ max: 60 })

describe("a name is taken", () => {
  test.each([
    "Northwind",
    "Müller & Söhne (Zürich)",
    "株式会社サンプル",
    "شركة المثال",
    "می‌خواهم",
    "R&D 👩‍💻",
    "❤️ Team",
    "a",
    "7",
  ])("as it is: %s", (name) => {
    expect(schema.parse(name)).toBe(name)
  })

  test("without what is around it, and composed", () => {
    expect(schema.parse("  Zu\u0308rich \n")).toBe("Z\u00FCrich")
  })
})

describe("a name is refused", () => {
  test.each([
    ["a reversed part", "North\u202Edniw"],
    ["an isolate", "\u2066North\u2069"],
    ["a mark of direction", "North\u200Fwind"],
    ["a space of no width", "North\u200Bwind"],
    ["a soft hyphen", "North\u00ADwind"],
    ["a byte order mark in it", "North\uFEFFwind"],
    ["a filler alone", "\u3164"],
    ["a blank pattern", "\u2800\u2800"],
    ["a joiner alone", "\u200D"],
    ["a joiner at its end", "North\u200D"],
    ["two joiners", "a\u200D\u200Db"],
    ["tags", "North\u{E0041}"],
    ["NUL", "North\u0000wind"],
    ["a line break", "North\nwind"],
    ["a separator of lines", "North\u2028wind"],
    ["half a character", "North\uD800"],
    ["nothing to see", "\u0301"],
    ["nothing", "   "],
    ["too much", "x".repeat(61)],
  ])("for %s", (_, name) => {
    expect(schema.safeParse(name).success).toBe(false)
  })
})
