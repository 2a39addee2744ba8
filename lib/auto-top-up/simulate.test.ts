import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { DAY_MS } from "@/lib/clock"
import { simulateTopUps } from "./simulate"

const FIRST = Date.UTC(2026, 10, 1)
const usage = (...dollars: number[]) => days(...dollars.map((spent) => ({ credits: spent })))
const days = (...each: { credits?: number; included?: number; includedLeft?: number }[]) =>
  each.map(({ credits = 0, included = 0, includedLeft = 0 }, n) => ({
    day: new Date(FIRST + n * DAY_MS),
    spentNanos: usd(credits + included),
    creditsNanos: usd(credits),
    includedLeftNanos: usd(includedLeft),
  }))
const terms = {
  startNanos: usd(30),
  heldNanos: 0n,
  thresholdNanos: usd(10),
  amountNanos: usd(50),
  capNanos: usd(200),
}

test("simulateTopUps charges when the balance would have been at or below the threshold", () => {
  const run = simulateTopUps(usage(5, 14.99, 0.01, 0, 50), terms)
  expect(run.days.map(({ topUps }) => topUps)).toEqual([0, 0, 1, 0, 1])
  expect(run).toMatchObject({ topUps: 2, chargedNanos: usd(100), capReachedOn: null })
})

test("simulateTopUps charges several times on a day that needs it, ten at most", () => {
  expect(simulateTopUps(usage(170), terms).topUps).toBe(4)
  expect(simulateTopUps(usage(10_000), { ...terms, capNanos: null }).topUps).toBe(10)
})

test("simulateTopUps says on which day the cap would have been reached, and begins anew with the month", () => {
  const run = simulateTopUps(usage(...Array.from({ length: 35 }, () => 20)), terms)
  expect(run.capReachedOn).toEqual(new Date("2026-11-11T00:00:00Z"))
  const inNovember = run.days.slice(0, 30).reduce((sum, { topUps }) => sum + topUps, 0)
  expect(inNovember).toBe(4)
  expect(run.topUps).toBeGreaterThan(4)
})

test.each([
  ["no usage and a balance above the threshold", usage(0, 0), usd(30), 0],
  ["no usage and nothing there", usage(0, 0), 0n, 0],
  ["the first usage with nothing there", usage(0, 1), 0n, 1],
  ["a debt deeper than one top-up", usage(1), usd(-70), 2],
])("simulateTopUps of %s", (_, days, startNanos, topUps) => {
  expect(simulateTopUps(days, { ...terms, startNanos }).topUps).toBe(topUps)
})

test("simulateTopUps with threshold and amount equal doesn’t run for ever", () => {
  expect(
    simulateTopUps(usage(1), { ...terms, startNanos: 0n, thresholdNanos: usd(50), capNanos: null }).topUps,
  ).toBe(2)
})

test("simulateTopUps counts what the plan still gives: a balance of nothing beside it isn’t low", () => {
  const used = days({ included: 50, includedLeft: 200 }, { included: 189, includedLeft: 11 })
  expect(simulateTopUps(used, { ...terms, startNanos: 0n }).topUps).toBe(0)
})

test("simulateTopUps charges when included credits run low before any of the balance is used", () => {
  const used = days({ included: 50, includedLeft: 200 }, { included: 191, includedLeft: 9 }, {})
  expect(simulateTopUps(used, { ...terms, startNanos: 0n }).days.map(({ topUps }) => topUps)).toEqual([
    0, 1, 0,
  ])
})

test("simulateTopUps takes off what is held now on the last day, and only if there is usage", () => {
  const held = { ...terms, heldNanos: usd(25) }
  expect(simulateTopUps(usage(0, 1), held).days.map(({ topUps }) => topUps)).toEqual([0, 1])
  expect(simulateTopUps(usage(1, 0), held).topUps).toBe(0)
})
