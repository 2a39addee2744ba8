import type { Rounds } from "../measuring/measure"
import type { Report } from "../measuring/report"
import { onePool, oneRow } from "./spend-cases"

/**
 * The targets by spends in flight: how many times the smallest durable debit one pool must reach, and the slowest
 * spend's time.
 */
const TARGETS: Record<number, { ratio: number; p99Ms?: number }> = {
  1: { ratio: 0.6 },
  32: { ratio: 10, p99Ms: 3 },
  256: { ratio: 25, p99Ms: 10 },
  1024: { ratio: 25 },
}

export function reportFloors(report: Report, rounds: Rounds, names: string[]): void {
  for (const name of names)
    report.say(name, rounds.of(name).perSecond, "/s", { note: latencies(rounds, name) })
}

export function reportOnePool(report: Report, rounds: Rounds, inFlights: number[]): void {
  for (const inFlight of inFlights) {
    const name = onePool(inFlight)
    const { ratio, p99Ms } = TARGETS[inFlight] ?? {}
    report.compare(name, rounds.of(name).perSecond, "/s", {
      floor: rounds.of(oneRow(inFlight)).perSecond,
      ratio: rounds.ratio(name, oneRow(inFlight)),
      target: ratio === undefined ? undefined : { atLeast: ratio },
      note: latencies(rounds, name),
    })
    if (p99Ms !== undefined)
      report.say(`${name}: p99`, rounds.of(name).p99Ms, "ms", { target: { atMost: p99Ms } })
  }
}

function latencies(rounds: Rounds, name: string): string {
  const { p50Ms, p99Ms } = rounds.of(name)
  return `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`
}
