import { expect, test } from "vitest"
import { encodeDisplay, parseDisplay } from "./display"

const AS_ON_THE_DEVICE = { theme: "system", dateLanguage: "en", timeZone: null }

test("choices survive the cookie", () => {
  const display = { theme: "dark", dateLanguage: "en-US", timeZone: "America/New_York" } as const
  expect(parseDisplay(encodeDisplay(display))).toEqual(display)
  expect(parseDisplay(encodeDisplay({ ...display, timeZone: null }))).toEqual({ ...display, timeZone: null })
})

test.each([
  undefined,
  "",
  "theme=pink&dateLanguage=xx&timeZone=Nowhere/Else",
  "%",
  "theme[]=dark",
  "timeZone=%00",
])("a cookie of %o chooses nothing", (text) => {
  expect(parseDisplay(text)).toEqual(AS_ON_THE_DEVICE)
})
