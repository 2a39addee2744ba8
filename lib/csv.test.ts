import { expect, test } from "vitest"
import { csvLine } from "./csv"

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
