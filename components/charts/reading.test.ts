import { expect, test } from "vitest"
import { dayAt, selectedDays, step } from "./reading"

test("the place of the pointer is a day, and outside the plot none", () => {
  expect([0, 99, 100, 299, 300].map((x) => dayAt(x, 300, 3))).toEqual([0, 0, 1, 2, 2])
  expect([dayAt(-1, 300, 3), dayAt(301, 300, 3), dayAt(0, 0, 3), dayAt(0, 300, 0)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test("arrow keys move by a day, pages by a week, and neither leaves the chart", () => {
  const from = (at: number | null) => (key: string) => step(key, at, 30)
  const keys = ["ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End", "a"]
  expect(keys.map(from(null))).toEqual([29, 0, 22, 7, 0, 29, null])
  expect(keys.map(from(0))).toEqual([0, 1, 0, 7, 0, 29, null])
  expect(keys.map(from(29))).toEqual([28, 29, 22, 29, 0, 29, null])
  expect(step("Home", null, 0)).toBeNull()
})

test("a selection is the same whichever way it was made", () => {
  expect(selectedDays({ at: 2, from: 7 })).toEqual(selectedDays({ at: 7, from: 2 }))
})
