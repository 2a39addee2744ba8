import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable, PLAN_CODES } from "@/lib/catalog/schema"
import type { Plan } from "@/lib/db/generated/enums"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import type { BillingPeriod } from "./period"

export function isLarger(plan: Plan, other: Plan): boolean {
  return PLAN_CODES.indexOf(plan) > PLAN_CODES.indexOf(other)
}

/** Returns the largest plan that a pool was on in a period. What that plan gave isn't given again. */
export function largestPlan(first: Plan, others: Plan[]): Plan {
  return others.reduce((largest, plan) => (isLarger(plan, largest) ? plan : largest), first)
}

/**
 * Returns the included credits that a larger plan adds within a period: the difference between the plans for the part
 * of the period left at `at`, cut to the cent.
 */
export function raisedCredits(from: Plan, to: Plan, period: BillingPeriod, at: Date): bigint {
  const difference = CATALOG.plans[to].includedNanos - CATALOG.plans[from].includedNanos
  const nanos = shareLeft(difference, period, at)
  return nanos - (nanos % NANOS_PER_CENT)
}

/** Returns the allowances that a larger plan adds within a period, by the same rule, cut to what can be metered. */
export function raisedAllowances(
  from: Plan,
  to: Plan,
  period: BillingPeriod,
  at: Date,
): { consumable: Consumable; quantity: bigint }[] {
  return CONSUMABLE_CODES.flatMap((consumable) => {
    const allowance = (plan: Plan) => CATALOG.plans[plan].terms[consumable].allowanceQuantity
    const quantity = shareLeft(allowance(to) - allowance(from), period, at)
    return quantity > 0n ? [{ consumable, quantity }] : []
  })
}

function shareLeft(whole: bigint, { start, end }: BillingPeriod, at: Date): bigint {
  const wholeMs = BigInt(end.getTime() - start.getTime())
  const leftMs = BigInt(end.getTime() - at.getTime())
  if (whole <= 0n || leftMs <= 0n) return 0n
  return (whole * (leftMs < wholeMs ? leftMs : wholeMs)) / wholeMs
}
