import fc from "fast-check"
import { expect, test } from "vitest"
import { type CsvCell, csvLine } from "./csv"

test("a line has a cell for each value, quoted, and none for null", () => {
  expect(csvLine(["Ada", null, 'the "big" one', "two\nlines, and a comma"])).toBe(
    '"Ada",,"the ""big"" one","two\nlines, and a comma"\r\n',
  )
})

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"])(
  "%j isn’t run by a spreadsheet",
  (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`)
  },
)

test.each(["a=1", '{"a":1}', "1-2", ""])("%j stays as it is", (text) => {
  expect(csvLine([text])).toBe(`"${text.replaceAll('"', '""')}"\r\n`)
})

test("a number keeps its minus sign, and nothing else passes for one", () => {
  expect(csvLine([{ number: "-1234.56" }, { number: "0" }])).toBe("-1234.56,0\r\n")
  for (const number of ["-1+1", "=1", "1,5", "1e3", "", " 1"])
    expect(() => csvLine([{ number }])).toThrow("Not a number in plain digits")
})

const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\r",
      "\n",
      '"',
      ",",
      "'",
      "a",
      " ",
      "\u2028",
      "عر",
      "😀",
    ),
  }),
  fc.bigInt().map((whole) => ({ number: `${whole}.25`.replace("-0", "0") })),
  fc.constant(null),
)

test("whatever a table holds, a reader of RFC 4180 gets it back, and no cell begins a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
      const read = readCsv(rows.map((cells) => csvLine(cells)).join(""))
      expect(read).toHaveLength(rows.length)
      for (const [index, cells] of rows.entries()) {
        expect(read[index]?.map(({ text }) => text)).toEqual(cells.map(shownOf))
        for (const { text, isQuoted } of read[index] ?? [])
          if (isQuoted) expect(text).not.toMatch(/^[=+\-@\t\r]/)
          else expect(text).toMatch(/^(-?[0-9]+\.25)?$/)
      }
    }),
    { numRuns: 400 },
  )
})

/** Text that would be a formula has an apostrophe before it, and nothing else is changed. */
function shownOf(value: CsvCell): string {
  if (value === null) return ""
  if (typeof value === "object") return value.number
  return /^\s*[=+\-@\t\r＋－＝＠]/.test(value) ? `'${value}` : value
}

/** Reads the grammar of RFC 4180 character by character, as the standard writes it. */
function readCsv(text: string): { text: string; isQuoted: boolean }[][] {
  const rows: { text: string; isQuoted: boolean }[][] = []
  let at = 0
  while (at < text.length) {
    const row: { text: string; isQuoted: boolean }[] = []
    for (;;) {
      const isQuoted = text[at] === '"'
      let read = ""
      if (isQuoted) {
        at++
        for (;;) {
          if (at >= text.length) throw new Error("A quoted field has no end")
          if (text[at] === '"' && text[at + 1] !== '"') break
          if (text[at] === '"') at++
          read += text[at++]
        }
        at++
      } else while (at < text.length && !",\r\n".includes(text[at] ?? "")) read += text[at++]
      row.push({ text: read, isQuoted })
      if (text[at] !== ",") break
      at++
    }
    if (text.slice(at, at + 2) !== "\r\n") throw new Error(`A record ends wrongly at ${at}`)
    at += 2
    rows.push(row)
  }
  return rows
}
