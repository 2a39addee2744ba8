import fc from "fast-check"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { decideMoves } from "./decide-moves"

const world = testDatabase()

test("the database computes the credits’ share of a claim as decideMoves does", async () => {
  const cents = fc.bigInt({ min: 1n, max: 10_000_000n })
  const anyPayment = fc.record({
    captured: cents,
    tax: fc.bigInt({ min: 0n, max: 3_000_000n }),
    claimed: cents,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(anyPayment, { minLength: 50, maxLength: 50 }), async (payments) => {
      const asked = payments.map(({ captured, tax, claimed }) => {
        const paid = captured + tax
        // A part only, because a claim to the whole payment takes all credits.
        const part = (claimed % paid) * NANOS_PER_CENT
        return { captured: captured * NANOS_PER_CENT, paid: paid * NANOS_PER_CENT, part }
      })
      const answers = await world.db.$queryRaw<{ share: bigint }[]>`
        SELECT clawbacks_share(part, captured, paid) AS share
        FROM unnest(${asked.map(({ part }) => part)}::bigint[], ${asked.map(({ captured }) => captured)}::bigint[],
          ${asked.map(({ paid }) => paid)}::bigint[]) WITH ORDINALITY AS each (part, captured, paid, place) ORDER BY place`
      const expected = asked.map(({ captured, paid, part }) => {
        const claim = { kind: "refund", id: "one", claimedNanos: part, takenNanos: 0n } as const
        const [move] = decideMoves({ paidNanos: paid, capturedNanos: captured }, [claim])
        return { share: move?.amountNanos ?? 0n }
      })
      expect(answers).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})
