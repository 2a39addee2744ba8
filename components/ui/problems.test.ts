import { expect, test } from "vitest"
import { z } from "@/lib/zod"
import { problemOf, problemsOf } from "./problems"

const parsed = z
  .strictObject({
    name: z.string().min(3, "Too short.").regex(/^a/, "Begin with a."),
    days: z.int("A number."),
  })
  .safeParse({ days: "x", name: "b", more: 1 })
const error = parsed.error ?? { issues: [] }

test("a field gets its first sentence, and what concerns no field is said too", () => {
  const { other, ...fields } = problemsOf(error, ["days", "name"])
  expect(fields).toEqual({ name: "Too short.", days: "A number." })
  expect(other).toContain("more")
  expect(problemsOf(error, ["days"])).toMatchObject({ days: "A number.", other: "Too short." })
  expect(problemsOf({ issues: [] }, ["days"])).toEqual({})
})

test("a single input gets the first sentence of all", () => {
  expect(problemOf(error)).toBe("Too short.")
  expect(problemOf({ issues: [] })).toBe("Check what you entered.")
})
