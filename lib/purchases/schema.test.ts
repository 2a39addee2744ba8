import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { PURCHASE_MAX_NANOS, PURCHASE_MIN_NANOS, startPurchaseSchema } from "./schema"

const poolId = newId()
const valid = { amount: "25.50", poolId: toPublicId("pool", poolId), requestKey: crypto.randomUUID() }

/** Values that are no amount, in every shape that a tampered request can have. */
const NOT_AMOUNTS: unknown[] = [
  ...["0", "-1", "-0", "NaN", "Infinity", "-Infinity", "1e309", "1e21", "1e2", "0.1+0.2", "१२", "１００"],
  ...[
    "1,00",
    "1.000,00",
    "0x10",
    "1_000",
    "$$5",
    "-$5",
    "+5",
    "5.",
    ".5",
    "5.001",
    "10.000",
    "4.99",
    "1000.01",
  ],
  ...["", "10$", "10 USD", "5\n", "5\u0000", "٥", "9007199254740993", "9".repeat(40), "1".repeat(100_000)],
  ...[10, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 10n, null, undefined, true, [], ["10"], {}, { gt: 0 }],
  ...[{ not: "" }, { toString: () => "10" }, new Date(10), Symbol.iterator],
]

describe("a purchase request", () => {
  test("becomes nanos and a pool's id", () => {
    expect(startPurchaseSchema.parse(valid)).toEqual({
      amountNanos: 25_500_000_000n,
      poolId,
      requestKey: valid.requestKey,
    })
  })

  test.each(["5", "5.00", "1000", "1,000.00", "$1,000.00", " 5 ", "005", "10.5"])(
    "takes the amount %s",
    (amount) => {
      expect(startPurchaseSchema.safeParse({ ...valid, amount }).success).toBe(true)
    },
  )

  test.each(NOT_AMOUNTS.map((amount) => [amount]))("refuses the amount %o", (amount) => {
    const parsed = startPurchaseSchema.safeParse({ ...valid, amount })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues[0]?.path).toEqual(["amount"])
  })

  test("takes no text whatever that is not whole cents within the range", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String)), (amount) => {
        const parsed = startPurchaseSchema.safeParse({ ...valid, amount })
        if (!parsed.success) return
        expect(parsed.data.amountNanos).toBeGreaterThanOrEqual(PURCHASE_MIN_NANOS)
        expect(parsed.data.amountNanos).toBeLessThanOrEqual(PURCHASE_MAX_NANOS)
        expect(parsed.data.amountNanos % 10_000_000n).toBe(0n)
        expect(amount).toMatch(/^[0-9]+(\.[0-9]{1,2})?$/)
      }),
    )
  })

  test.each([
    "teamId",
    "role",
    "balance",
    "state",
    "status",
    "kind",
    "isAdmin",
    "capturedNanos",
    "__proto__",
  ])("refuses the unknown key %s", (key) => {
    const input: unknown = JSON.parse(`{"${key}": "1", ${JSON.stringify(valid).slice(1)}`)
    const parsed = startPurchaseSchema.safeParse(input)
    expect(parsed.error?.issues[0]?.code).toBe("unrecognized_keys")
  })

  test.each([
    ["a raw uuid", poolId],
    ["a team's id", toPublicId("team", poolId)],
    ["nothing", ""],
    ["no text", { contains: "" }],
    ["text that ends in a line", `${valid.poolId}\n`],
    ["capitals", valid.poolId.toUpperCase()],
  ])("refuses %s for the pool", (_, given) => {
    expect(startPurchaseSchema.safeParse({ ...valid, poolId: given }).success).toBe(false)
  })

  test.each(["", "short", "x".repeat(36), 7, null, `${valid.requestKey} `])(
    "refuses the request key %o",
    (requestKey) => {
      expect(startPurchaseSchema.safeParse({ ...valid, requestKey }).success).toBe(false)
    },
  )
})
