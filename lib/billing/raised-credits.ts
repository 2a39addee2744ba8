import { CATALOG } from "@/lib/catalog/catalog"
import { PLAN_CODES } from "@/lib/catalog/schema"
import type { Plan } from "@/lib/db/generated/enums"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import type { BillingPeriod } from "./period"

export function isLarger(plan: Plan, other: Plan): boolean {
  return PLAN_CODES.indexOf(plan) > PLAN_CODES.indexOf(other)
}

/** The largest of the plans that a pool was on in a period: what it gave isn't given again. */
export function largestPlan(first: Plan, others: Plan[]): Plan {
  return others.reduce((largest, plan) => (isLarger(plan, largest) ? plan : largest), first)
}

/**
 * The included credits that a larger plan adds within a period: the difference between the plans, for the part of the
 * period that is left at `at`, cut to the cent.
 */
export function raisedCredits(from: Plan, to: Plan, { start, end }: BillingPeriod, at: Date): bigint {
  const differenceNanos = CATALOG.plans[to].includedNanos - CATALOG.plans[from].includedNanos
  const wholeMs = BigInt(end.getTime() - start.getTime())
  const leftMs = BigInt(end.getTime() - at.getTime())
  if (differenceNanos <= 0n || leftMs <= 0n) return 0n
  const nanos = (differenceNanos * (leftMs < wholeMs ? leftMs : wholeMs)) / wholeMs
  return nanos - (nanos % NANOS_PER_CENT)
}
