import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { least } from "@/lib/money/least"
import { type Claim, decideMoves } from "./decide-moves"

const claim = (id: string, claimedNanos: bigint, takenNanos = 0n, kind: Claim["kind"] = "refund"): Claim => ({
  kind,
  id,
  claimedNanos,
  takenNanos,
})
const moved = (capturedNanos: bigint, claims: Claim[]) =>
  decideMoves(capturedNanos, claims).map(({ claim: { id }, amountNanos }) => [id, amountNanos])

describe("a payment of 25", () => {
  test("loses what was refunded", () => {
    expect(moved(25n, [claim("a", 10n), claim("b", 5n)])).toEqual([
      ["a", 10n],
      ["b", 5n],
    ])
  })

  test("moves nothing again for what has been taken", () => {
    expect(moved(25n, [claim("a", 10n, 10n), claim("d", 15n, 15n, "dispute")])).toEqual([])
  })

  test("loses its credits once when it is refunded and disputed", () => {
    expect(moved(25n, [claim("a", 10n, 10n), claim("d", 25n, 0n, "dispute")])).toEqual([["d", 15n]])
    expect(moved(25n, [claim("a", 10n), claim("d", 25n, 25n, "dispute")])).toEqual([])
  })

  test("has a refund take what a won dispute gives back", () => {
    expect(moved(25n, [claim("a", 10n), claim("d", 0n, 25n, "dispute")])).toEqual([
      ["d", -25n],
      ["a", 10n],
    ])
  })

  test("gets a failed refund back, as much as it took", () => {
    expect(moved(25n, [claim("a", 0n, 10n), claim("b", 5n, 5n)])).toEqual([["a", -10n]])
  })

  test("gets back what a dispute no longer asks for", () => {
    expect(moved(25n, [claim("d", 10n, 25n, "dispute")])).toEqual([["d", -15n]])
  })
})

test("however often and in whatever order claims change, the payment has lost what they claim, at most all of it", () => {
  const amount = fc.bigInt({ min: 0n, max: 30n })
  const change = fc.record({ at: fc.nat({ max: 3 }), amount })
  fc.assert(
    fc.property(amount, fc.array(change, { maxLength: 20 }), (captured, changes) => {
      const claims = ["a", "b", "c", "d"].map((id) => claim(id, 0n))
      for (const { at, amount: claimedNanos } of changes) {
        const changed = claims[at]
        if (changed) changed.claimedNanos = claimedNanos
        for (const { claim: moving, amountNanos } of decideMoves(captured, claims)) {
          expect(amountNanos).not.toBe(0n)
          moving.takenNanos += amountNanos
        }
        const sum = (of: (each: Claim) => bigint) => claims.reduce((total, each) => total + of(each), 0n)
        const claimed = sum((each) => each.claimedNanos)
        expect(sum((each) => each.takenNanos)).toBe(least(claimed, captured))
        for (const { claimedNanos: most, takenNanos } of claims)
          expect(takenNanos >= 0n && takenNanos <= most).toBe(true)
        expect(decideMoves(captured, claims)).toEqual([])
      }
    }),
  )
})
