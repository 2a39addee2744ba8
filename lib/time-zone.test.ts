import { expect, test } from "vitest"
import { isTimeZone } from "./time-zone"

test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])(
  "%s is a time zone",
  (name) => {
    expect(isTimeZone(name)).toBe(true)
  },
)

test.each([
  "",
  "Mars/Olympus",
  "+02:00",
  "Europe/Berlin]",
  "UTC\n",
  "<script>",
  "../../etc",
  "x".repeat(500),
])("%j is none", (name) => {
  expect(isTimeZone(name)).toBe(false)
})
