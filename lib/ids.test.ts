import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromPublicId, type IdPrefix, newId, publicIdSchema, toPublicId } from "./ids"

const PREFIXES: IdPrefix[] = ["team", "member", "pool", "pur", "ent", "key"]

describe("an id", () => {
  test("goes out and comes back without loss", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PREFIXES), fc.uuid(), (prefix, id) => {
        const text = toPublicId(prefix, id)
        expect(text.startsWith(`${prefix}_`)).toBe(true)
        expect(fromPublicId(prefix, text)).toBe(id)
        expect(publicIdSchema(prefix).parse(text)).toBe(id)
      }),
    )
  })

  test("is a UUIDv7, and a later one sorts later in both forms", () => {
    const ids = Array.from({ length: 50 }, newId)
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(ids).size).toBe(50)
    const [early, late] = ["01990000-0000-7000-8000-000000000000", "01990000-0001-7000-8000-000000000000"]
    expect(toPublicId("pool", early) < toPublicId("pool", late)).toBe(true)
  })

  test("of one kind is none of another", () => {
    const id = newId()
    for (const prefix of PREFIXES)
      for (const other of PREFIXES)
        expect(fromPublicId(prefix, toPublicId(other, id))).toBe(prefix === other ? id : null)
  })

  const valid = toPublicId("pool", newId())
  test.each([
    "",
    "pool_",
    "pool",
    "_01jd",
    valid.slice(0, -1),
    `${valid}0`,
    valid.toUpperCase(),
    ` ${valid}`,
    `${valid}\n`,
    `pool_${valid}`,
    valid.replace("_", "-"),
    `pool_8${"0".repeat(25)}`,
    `pool_${"u".repeat(26)}`,
    `pool_${"é".repeat(26)}`,
    "' OR 1=1 --",
    "00000000-0000-7000-8000-000000000000",
  ])("is not known from %o", (text) => {
    expect(fromPublicId("pool", text)).toBeNull()
    expect(publicIdSchema("pool").safeParse(text).success).toBe(false)
  })

  test("is never made from arbitrary text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = fromPublicId("pool", text)
        if (id !== null) expect(toPublicId("pool", id)).toBe(text)
      }),
    )
  })
})
