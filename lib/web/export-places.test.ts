import { expect, test } from "vitest"
import { EXPORTS_AT_ONCE, takeExportPlace } from "./export-places"

test("a person and a team have so many places at once, and get each back once", () => {
  const ada = { userId: "ada", teamId: "team" }
  const places = Array.from({ length: EXPORTS_AT_ONCE.user }, () => takeExportPlace(ada))
  expect(places).not.toContain(null)
  expect(takeExportPlace(ada)).toBeNull()
  for (let n = EXPORTS_AT_ONCE.user; n < EXPORTS_AT_ONCE.team; n++)
    expect(takeExportPlace({ userId: `lin ${n}`, teamId: "team" })).not.toBeNull()
  expect(takeExportPlace({ userId: "noor", teamId: "team" })).toBeNull()
  expect(takeExportPlace({ userId: "noor", teamId: "other" })).not.toBeNull()
  places[0]?.()
  places[0]?.()
  expect(takeExportPlace(ada)).not.toBeNull()
  expect(takeExportPlace(ada)).toBeNull()
})
