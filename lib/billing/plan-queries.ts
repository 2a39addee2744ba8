import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable, PLAN_CODES } from "@/lib/catalog/schema"
import type { Db } from "@/lib/db/client"
import type { Plan, SubscriptionStatus, Withheld } from "@/lib/db/generated/enums"
import { billingPeriodAt } from "./period"
import { isLarger } from "./raised-credits"
import { isLive, isOpen } from "./subscription-status"
import { termsAt } from "./terms-at"

export type PlanOverview = {
  plan: Plan
  /** Where the plan comes from: nobody pays for `free`; an operator may give any plan; Enterprise is by contract. */
  source: "free" | "subscription" | "operator" | "contract"
  /** What a member costs a month; null by contract. */
  monthlyNanos: bigint | null
  /** How many members are paid for, or would be. */
  quantity: number
  period: { start: Date; end: Date }
  /** The period is over and only Stripe can say how it goes on. */
  isWaiting: boolean
  /** Of the subscription, if it counts or could still. */
  status: SubscriptionStatus | null
  cancelAt: Date | null
  hasScheduledChange: boolean
  nextPlan: Plan | null
  othersLive: number
  /** Why the period gives nothing now; null: it gives what the plan gives. */
  withheld: Withheld | null
  isCollectionPaused: boolean
  /** Stripe's id of an invoice that can be paid. */
  openInvoiceId: string | null
  /** Whether Stripe has something of the team to manage. */
  hasCustomer: boolean
}

/** The team's plan as our copies have it: nobody waits for Stripe. */
export async function getPlanOverview(db: Db, teamId: string, now: Date): Promise<PlanOverview> {
  const [team, subscription, members, customers] = await Promise.all([
    db.team.findUniqueOrThrow({ where: { id: teamId }, select: { plan: true, periodAnchor: true } }),
    db.subscription.findUnique({ where: { teamId } }),
    db.member.count({ where: { teamId, removedAt: null } }),
    db.stripeCustomer.count({ where: { teamId, replacedAt: null } }),
  ])
  const terms = termsAt({ ...team, subscription }, now)
  const plan = terms?.plan ?? team.plan
  const counts = subscription !== null && isLive(subscription.status) && plan === subscription.plan
  return {
    plan,
    source: sourceOf(plan, counts),
    monthlyNanos: CATALOG.plans[plan].monthlyNanos,
    quantity: counts ? subscription.quantity : members,
    period: terms ?? billingPeriodAt(team.periodAnchor, now),
    isWaiting: terms === null,
    status: subscription && isOpen(subscription.status) ? subscription.status : null,
    cancelAt: counts ? subscription.cancelAt : null,
    hasScheduledChange: counts && subscription.hasScheduledChange,
    nextPlan: counts ? subscription.nextPlan : null,
    othersLive: subscription?.othersLive ?? 0,
    withheld: terms?.withheld ?? null,
    isCollectionPaused: counts && subscription.isCollectionPaused,
    openInvoiceId: subscription && isOpen(subscription.status) ? subscription.openInvoiceId : null,
    hasCustomer: customers > 0,
  }
}

function sourceOf(plan: Plan, isSubscribed: boolean): PlanOverview["source"] {
  if (plan === "enterprise") return "contract"
  if (isSubscribed) return "subscription"
  return plan === "free" ? "free" : "operator"
}

/** The plans above this one that a team can subscribe to by itself. */
export function plansAbove(plan: Plan): { plan: Plan; monthlyNanos: bigint }[] {
  return PLAN_CODES.flatMap((code) => {
    const { monthlyNanos } = CATALOG.plans[code]
    return isLarger(code, plan) && monthlyNanos ? [{ plan: code, monthlyNanos }] : []
  })
}

export type IncludedUse = {
  credits: { leftNanos: bigint; grantedNanos: bigint }
  allowances: { consumable: Consumable; used: bigint; granted: bigint }[]
}

/**
 * What a pool has used of what its present period includes; before its first use, all of what the plan will give then. Null
 * while only Stripe can say which period it is.
 */
export async function getIncludedUse(
  db: Db,
  { teamId, poolId }: { teamId: string; poolId: string },
  now: Date,
): Promise<IncludedUse | null> {
  const pool = await db.pool.findUnique({ where: { teamId_id: { teamId, id: poolId } } })
  if (!pool) return null
  const { periodStartsAt, periodEndsAt, includedNanos } = pool
  if (!periodStartsAt || !periodEndsAt || periodEndsAt <= now) return getUnbegun(db, teamId, now)
  const [rows, granted, taken] = await Promise.all([
    db.allowance.findMany({ where: { teamId, poolId, periodStartsAt, granted: { gt: 0n } } }),
    db.grant.aggregate({
      where: { teamId, poolId, kind: "included", expiresAt: periodEndsAt },
      _sum: { originalNanos: true },
    }),
    db.periodWithholding.aggregate({ where: { teamId, poolId, periodStartsAt }, _sum: { takenNanos: true } }),
  ])
  const byCode = new Map(rows.map((row) => [row.consumable, row]))
  const grantedNanos = (granted._sum.originalNanos ?? 0n) - (taken._sum.takenNanos ?? 0n)
  return {
    credits: { leftNanos: includedNanos, grantedNanos },
    allowances: CONSUMABLE_CODES.flatMap((consumable) => {
      const row = byCode.get(consumable)
      return row ? [{ consumable, used: row.used, granted: row.granted }] : []
    }),
  }
}

/** What a period gives that begins with the first use. */
async function getUnbegun(db: Db, teamId: string, now: Date): Promise<IncludedUse | null> {
  const [team, subscription] = await Promise.all([
    db.team.findUniqueOrThrow({ where: { id: teamId }, select: { plan: true, periodAnchor: true } }),
    db.subscription.findUnique({ where: { teamId } }),
  ])
  const terms = termsAt({ ...team, subscription }, now)
  if (!terms || terms.withheld) return null
  const { includedNanos, terms: given } = CATALOG.plans[terms.plan]
  return {
    credits: { leftNanos: includedNanos, grantedNanos: includedNanos },
    allowances: CONSUMABLE_CODES.flatMap((consumable) => {
      const granted = given[consumable].allowanceQuantity
      return granted > 0n ? [{ consumable, used: 0n, granted }] : []
    }),
  }
}
