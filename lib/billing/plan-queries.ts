import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable, PLAN_CODES } from "@/lib/catalog/schema"
import type { Db } from "@/lib/db/client"
import type { Plan, SubscriptionStatus, Withheld } from "@/lib/db/generated/enums"
import { billingPeriodAt } from "./period"
import { isLarger } from "./raised-credits"
import { isLive, isOpen } from "./subscription-status"
import { type SubscriptionTerms, type Terms, termsAt } from "./terms-at"

export type PlanOverview = {
  plan: Plan
  /** The plan's source: nobody pays for `free`, an operator may give any plan, Enterprise is by contract. */
  source: "free" | "subscription" | "operator" | "contract"
  /** The monthly price of a member. Null by contract. */
  monthlyNanos: bigint | null
  /** The number of members that are paid for, or would be. */
  quantity: number
  period: { start: Date; end: Date }
  /** The period is over, and only Stripe can say how it continues. */
  isWaiting: boolean
  /** The subscription's status, if it counts or still could. */
  status: SubscriptionStatus | null
  cancelAt: Date | null
  hasScheduledChange: boolean
  nextPlan: Plan | null
  othersLive: number
  /** Why the period gives nothing now. Null when it gives what the plan gives. */
  withheld: Withheld | null
  isCollectionPaused: boolean
  /** Stripe's id of an invoice that can be paid. */
  openInvoiceId: string | null
  /** Whether Stripe has anything of the team to manage. */
  hasCustomer: boolean
  /** Null while only Stripe knows the period, and while a period that hasn't begun will give nothing. */
  included: IncludedUse | null
}

/** Returns the team's plan from our copies, and a pool's use of what it includes. Nobody waits for Stripe. */
export async function getPlanOverview(
  db: Db,
  { teamId, poolId }: { teamId: string; poolId: string },
  now: Date,
): Promise<PlanOverview> {
  const row = await readPlan(db, teamId, poolId)
  const { members, hasCustomer } = row
  const team = { plan: row.teamPlan, periodAnchor: row.periodAnchor }
  const subscription = subscriptionOf(row)
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
    hasCustomer,
    included: includedOf(row, terms, now),
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

/** A pool's use of what its present period includes. Before its first use, everything that the plan will give then. */
function includedOf(row: Row, terms: Terms | null, now: Date): IncludedUse | null {
  const { poolEndsAt, includedNanos, grantedNanos, allowances } = row
  if (!poolEndsAt || poolEndsAt <= now) return terms && !terms.withheld ? unbegun(terms.plan) : null
  const byCode = new Map(allowances?.map((each) => [each.consumable, each]))
  return {
    credits: { leftNanos: includedNanos, grantedNanos },
    allowances: CONSUMABLE_CODES.flatMap((consumable) => {
      const allowance = byCode.get(consumable)
      return allowance
        ? [{ consumable, used: BigInt(allowance.used), granted: BigInt(allowance.granted) }]
        : []
    }),
  }
}

/** Returns what a period gives that begins with the first use. */
function unbegun(plan: Plan): IncludedUse {
  const { includedNanos, terms } = CATALOG.plans[plan]
  return {
    credits: { leftNanos: includedNanos, grantedNanos: includedNanos },
    allowances: CONSUMABLE_CODES.flatMap((consumable) => {
      const granted = terms[consumable].allowanceQuantity
      return granted > 0n ? [{ consumable, used: 0n, granted }] : []
    }),
  }
}

type Subscription = SubscriptionTerms & {
  quantity: number
  nextPlan: Plan | null
  othersLive: number
  openInvoiceId: string | null
}

/** Includes the subscription's columns, all null for a team that never had one. */
type Row = { [Column in keyof Subscription]: Subscription[Column] | null } & {
  teamPlan: Plan
  periodAnchor: Date
  members: number
  hasCustomer: boolean
  /** Null before the pool's first use. */
  poolEndsAt: Date | null
  includedNanos: bigint
  /** The present period's credits, less what was withheld of them. */
  grantedNanos: bigint
  allowances: { consumable: string; used: string; granted: string }[] | null
}

function subscriptionOf(row: Row): Subscription | null {
  // They are null together.
  return row.status === null ? null : (row as Subscription)
}

async function readPlan(db: Db, teamId: string, poolId: string): Promise<Row> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT t.plan AS "teamPlan", t.period_anchor AS "periodAnchor",
      (SELECT count(*)::integer FROM members m WHERE m.team_id = t.id AND m.removed_at IS NULL) AS members,
      EXISTS (SELECT FROM stripe_customers c WHERE c.team_id = t.id AND c.replaced_at IS NULL) AS "hasCustomer",
      s.plan, s.status, s.quantity, s.billing_anchor AS "billingAnchor", s.period_starts_at AS "periodStartsAt",
      s.period_ends_at AS "periodEndsAt", s.cancel_at AS "cancelAt", s.has_scheduled_change AS "hasScheduledChange",
      s.next_plan AS "nextPlan", s.period_withheld AS "periodWithheld", s.is_collection_paused AS "isCollectionPaused",
      s.others_live AS "othersLive", s.open_invoice_id AS "openInvoiceId",
      p.period_ends_at AS "poolEndsAt", p.included_nanos AS "includedNanos",
      (coalesce((SELECT sum(g.original_nanos) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id
        AND g.kind = 'included' AND g.expires_at = p.period_ends_at), 0)
      - coalesce((SELECT sum(w.taken_nanos) FROM period_withholdings w WHERE w.team_id = p.team_id AND w.pool_id = p.id
        AND w.period_starts_at = p.period_starts_at), 0))::bigint AS "grantedNanos",
      (SELECT json_agg(json_build_object('consumable', a.consumable, 'used', a.used::text, 'granted', a.granted::text))
        FROM allowances a WHERE a.team_id = p.team_id AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at
        AND a.granted > 0) AS allowances
    FROM teams t
    JOIN pools p ON p.team_id = t.id AND p.id = ${poolId}::uuid
    LEFT JOIN subscriptions s ON s.team_id = t.id
    WHERE t.id = ${teamId}::uuid`
  if (!row) throw new Error("The team has no such pool")
  return row
}
