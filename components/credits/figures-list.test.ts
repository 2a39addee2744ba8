import fc from "fast-check"
import { expect, test } from "vitest"
import type { PoolFigures } from "@/lib/money/figures"
import { parseUsd, shownBalance } from "@/lib/money/usd"
import { figuresInWords } from "./figures-list"

const nothing: PoolFigures = {
  addedNanos: 0n,
  givenNanos: 0n,
  spentNanos: 0n,
  takenBackNanos: 0n,
  hasDisputes: false,
  expiredNanos: 0n,
  transferredNanos: 0n,
  adjustedNanos: 0n,
}
const shown = (figures: Partial<PoolFigures>) =>
  figuresInWords({ ...nothing, ...figures }).map(({ name, text }) => `${name} ${text}`)

test("added and spent are always there, the others where they aren’t nothing", () => {
  expect(shown({})).toEqual(["Lifetime added $0.00", "Lifetime spent $0.00"])
  expect(
    shown({
      addedNanos: 100_000_000_000n,
      givenNanos: 20_000_000_000n,
      spentNanos: 30_000_000_000n,
      takenBackNanos: 25_000_000_000n,
      expiredNanos: 5_000_000_000n,
      transferredNanos: -10_000_000_000n,
      adjustedNanos: -1_000_000_000n,
    }),
  ).toEqual([
    "Lifetime added $100.00",
    "Given $20.00",
    "Lifetime spent $30.00",
    "Refunded $25.00",
    "Expired $5.00",
    "Transferred away $10.00",
    "Adjusted −$1.00",
  ])
  expect(shown({ takenBackNanos: 1_000_000_000n, hasDisputes: true })).toContain(
    "Refunded and disputed $1.00",
  )
})

const amount = fc.bigInt({ min: 0n, max: 10n ** 13n })
const either = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n })
const PLUS = ["Lifetime added", "Given", "Transferred here", "Adjusted"]

test("as shown they add up to the balance as shown, to the cent", () => {
  fc.assert(
    fc.property(
      fc.record({
        addedNanos: amount,
        givenNanos: amount,
        spentNanos: amount,
        takenBackNanos: either,
        hasDisputes: fc.boolean(),
        expiredNanos: amount,
        transferredNanos: either,
        adjustedNanos: either,
      }),
      (figures) => {
        const sum = figuresInWords(figures).reduce((total, { name, text }) => {
          const parsed = parseUsd(text.replace("−", ""))
          if (!parsed.ok) throw new Error(`${text} is no amount`)
          const nanos = text.startsWith("−") ? -parsed.nanos : parsed.nanos
          return PLUS.includes(name) ? total + nanos : total - nanos
        }, 0n)
        const {
          addedNanos,
          givenNanos,
          spentNanos,
          takenBackNanos,
          expiredNanos,
          transferredNanos,
          adjustedNanos,
        } = figures
        const balance =
          addedNanos +
          givenNanos -
          spentNanos -
          takenBackNanos -
          expiredNanos +
          transferredNanos +
          adjustedNanos
        expect(sum).toBe(shownBalance(balance))
      },
    ),
  )
})
