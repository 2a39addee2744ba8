import { expect, test } from "vitest"
import { API_EXAMPLES } from "./api-examples"
import { toJsonText } from "./to-json-text"

test("a value that fits a line is on one, any other has a line for each part", () => {
  expect(toJsonText({ a: 1, b: [true, null], c: {} })).toBe('{ "a": 1, "b": [true, null], "c": {} }')
  const long = "x".repeat(70)
  expect(toJsonText({ a: [long, { b: "c" }] })).toBe(`{\n  "a": [\n    "${long}",\n    { "b": "c" }\n  ]\n}`)
})

test.each(API_EXAMPLES)("$id reads as the same JSON", ({ answer }) => {
  expect(JSON.parse(toJsonText(answer))).toEqual(answer)
})
