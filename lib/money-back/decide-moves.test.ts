import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Claim, decideMoves } from "./decide-moves"

const claim = (id: string, claimedNanos: bigint, takenNanos = 0n, kind: Claim["kind"] = "refund"): Claim => ({
  kind,
  id,
  claimedNanos,
  takenNanos,
})
const moved = (capturedNanos: bigint, claims: Claim[]) =>
  decideMoves({ paidNanos: capturedNanos, capturedNanos }, claims).map(({ claim: { id }, amountNanos }) => [
    id,
    amountNanos,
  ])

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

describe("a payment of 27.06, of which 2.06 were tax", () => {
  const paid = { paidNanos: 2_706n, capturedNanos: 2_500n }
  const taxed = (claims: Claim[]) =>
    decideMoves(paid, claims).map(({ claim: { id }, amountNanos }) => [id, amountNanos])

  test("loses of its credits the share that was refunded", () => {
    expect(taxed([claim("a", 1_353n)])).toEqual([["a", 1_250n]])
    expect(taxed([claim("a", 1_000n)])).toEqual([["a", 924n]])
  })

  test("loses all of them, and no more, when all of it is refunded, in whatever parts", () => {
    expect(taxed([claim("a", 2_706n)])).toEqual([["a", 2_500n]])
    // 92.39, 92.39 and 2,315.23, each rounded, are one too few. The last one gets it.
    const parts = [claim("a", 100n), claim("b", 100n), claim("c", 2_506n)]
    expect(taxed(parts)).toEqual([
      ["a", 92n],
      ["b", 92n],
      ["c", 2_316n],
    ])
  })

  test("loses its credits once when it is refunded in part and disputed", () => {
    expect(taxed([claim("a", 1_000n, 924n), claim("d", 2_706n, 0n, "dispute")])).toEqual([["d", 1_576n]])
  })
})

test("however often and in whatever order claims change, the payment has lost what they claim, at most all of it", () => {
  const amount = fc.bigInt({ min: 0n, max: 30n })
  /** Null means what the others leave of the payment. */
  const change = fc.record({ at: fc.nat({ max: 3 }), amount: fc.option(amount) })
  fc.assert(
    fc.property(amount, amount, fc.array(change, { maxLength: 20 }), (captured, tax, changes) => {
      const payment = { paidNanos: captured + tax, capturedNanos: captured }
      const claims = ["a", "b", "c", "d"].map((id) => claim(id, 0n))
      for (const { at, amount: asked } of changes) {
        const changed = claims[at]
        const others = claims.reduce(
          (total, each) => (each === changed ? total : total + each.claimedNanos),
          0n,
        )
        const rest = captured + tax > others ? captured + tax - others : 0n
        if (changed) changed.claimedNanos = asked ?? rest
        for (const { claim: moving, amountNanos } of decideMoves(payment, claims)) {
          expect(amountNanos).not.toBe(0n)
          moving.takenNanos += amountNanos
        }
        const sum = (of: (each: Claim) => bigint) => claims.reduce((total, each) => total + of(each), 0n)
        const claimed = sum((each) => each.claimedNanos)
        const taken = sum((each) => each.takenNanos)
        if (claimed >= captured + tax) expect(taken).toBe(captured)
        else if (tax === 0n) expect(taken).toBe(claimed)
        // Each of four is rounded on its own, by half a billionth at most.
        else
          expect(
            Math.abs(Number(taken) - Number(claimed * captured) / Number(captured + tax)),
          ).toBeLessThanOrEqual(2)
        for (const { takenNanos } of claims) expect(takenNanos >= 0n).toBe(true)
        for (const { claimedNanos: most, takenNanos } of claims) if (most === 0n) expect(takenNanos).toBe(0n)
        expect(decideMoves(payment, claims)).toEqual([])
      }
    }),
  )
})
