import { expect, test } from "vitest"
import { drawFromLots } from "./draw"
import type { Lot, PoolState } from "./pool-state"

const lot = (no: number, kind: Lot["kind"], leftNanos: bigint): Lot => ({
  grantId: `grant-${no}`,
  no,
  kind,
  leftNanos,
  expiresAt: null,
})

function stateOf(...lots: Lot[]): PoolState {
  const sum = (isIncluded: boolean) =>
    lots.reduce(
      (left, each) => ((each.kind === "included") === isIncluded ? left + each.leftNanos : left),
      0n,
    )
  return {
    poolId: "pool",
    revision: 7n,
    creditsNanos: sum(false),
    includedNanos: sum(true),
    debtNanos: 0n,
    heldNanos: 0n,
    withheldNanos: 0n,
    isLow: false,
    isDepleted: false,
    hasHadCredits: true,
    periodStartsAt: null,
    periodEndsAt: null,
    holdsExpireAt: null,
    isDue: false,
    lots,
    allowances: new Map(),
  }
}

const drawsOf = (state: PoolState, costNanos: bigint) =>
  drawFromLots(state, costNanos).map((draw) => [draw.lot.no, draw.bucket, draw.amountNanos])

test("draws lots first to last, each from its bucket, and takes what it drew off the state", () => {
  const state = stateOf(lot(3, "included", 5n), lot(1, "promotion", 2n), lot(2, "purchase", 10n))
  expect(drawsOf(state, 9n)).toEqual([
    [3, "included", 5n],
    [1, "credits", 2n],
    [2, "credits", 2n],
  ])
  expect(state).toMatchObject({ includedNanos: 0n, creditsNanos: 8n })
  expect(state.lots.map(({ no, leftNanos }) => [no, leftNanos])).toEqual([[2, 8n]])
})

test("takes a lot that was drawn to nothing away, at exactly nothing", () => {
  const state = stateOf(lot(1, "promotion", 5n), lot(2, "purchase", 5n))
  expect(drawsOf(state, 5n)).toEqual([[1, "credits", 5n]])
  expect(state.lots.map(({ no }) => no)).toEqual([2])
  expect(drawsOf(state, 4n)).toEqual([[2, "credits", 4n]])
  expect(state.lots.map(({ leftNanos }) => leftNanos)).toEqual([1n])
})

test("draws nothing for nothing", () => {
  const state = stateOf(lot(1, "promotion", 5n))
  expect(drawsOf(state, 0n)).toEqual([])
  expect(state).toMatchObject({ creditsNanos: 5n })
})

test("throws at a cost above what the lots hold: the caller has compared it", () => {
  expect(() => drawsOf(stateOf(lot(1, "promotion", 5n)), 6n)).toThrow("hold less than its balance")
  expect(() => drawsOf(stateOf(), 1n)).toThrow("hold less than its balance")
})
