import { recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import type { Plan, SubscriptionStatus } from "@/lib/db/generated/enums"
import type { PeriodPayment } from "@/lib/stripe/subscription-invoices"
import type { FoundSubscription } from "@/lib/stripe/subscriptions"
import { changePools } from "./change-pools"
import { endPlan } from "./end-plan"
import { judgePayment } from "./judge-payment"
import { keepInvoice } from "./keep-invoice"
import { planSubject } from "./plan-subject"
import { isLive } from "./subscription-status"
import { tellPaymentFailed } from "./tell-payment-failed"
import { termsAt } from "./terms-at"

export type ChosenSubscription = {
  subscription: FoundSubscription | null
  /** Stripe's ids of all live subscriptions. */
  liveIds: string[]
  /** The payment for the subscription's present period. */
  payment: PeriodPayment | null
}

type Copy = {
  stripeId: string
  status: SubscriptionStatus
  startedAt: Date
  billingAnchor: Date
  periodStartsAt: Date
}

/**
 * Writes the copy of the team's subscription and everything that follows from it: the team's plan and anchor, and in
 * each pool the paid period or larger plan, or what is withheld because it isn't paid. Runs in the transaction that
 * claimed the snapshot. Locks the team before its pools, as all code does.
 */
export async function applySubscription(
  tx: Tx,
  teamId: string,
  { subscription, liveIds, payment }: ChosenSubscription,
  now: Date,
): Promise<void> {
  if (!subscription) return
  const [team] = await tx.$queryRaw<{ plan: Plan }[]>`
    SELECT plan FROM teams WHERE id = ${teamId}::uuid AND deleted_at IS NULL FOR NO KEY UPDATE`
  if (!team) return
  const before = await tx.subscription.findUnique({ where: { teamId } })
  const paid = await judgePayment(tx, teamId, { subscription, payment }, now)
  const { planChangedAt, ...found } = subscription
  const { withheld: periodWithheld, openInvoice } = paid
  const copy = {
    ...found,
    periodWithheld,
    openInvoiceId: openInvoice?.id ?? null,
    othersLive: Math.max(0, liveIds.length - 1),
    syncedAt: now,
  }
  await tx.subscription.upsert({ where: { teamId }, create: { teamId, ...copy }, update: copy })
  // Our own copy leads the person who pays it from our page.
  if (openInvoice) await keepInvoice(tx, teamId, openInvoice)

  const live = isLive(subscription.status)
  const wasLive = before !== null && isLive(before.status)
  const period = { start: subscription.periodStartsAt, end: subscription.periodEndsAt }
  const { isRaiseDisputed } = paid
  const paidFor = { period, withheld: periodWithheld, isRaiseDisputed }
  // Enterprise is by contract.
  if (team.plan === "enterprise") return
  // A team that had no live subscription and has none now keeps the plan that the operator set. What the last payment
  // gave can still be disputed.
  if (!live && !wasLive) {
    if (before && payment) await endPlan(tx, teamId, { ...paidFor, plan: team.plan }, now)
    return
  }
  await tellPaymentFailed(tx, teamId, { subscription, payment, openInvoice }, now)
  const periodAnchor = subscription.billingAnchor
  const terms = termsAt(
    { plan: "free", periodAnchor, subscription: { ...subscription, periodWithheld } },
    now,
  )
  const plan = terms?.plan ?? subscription.plan
  await tx.team.update({ where: { id: teamId }, data: { plan, periodAnchor } })
  if (plan !== team.plan) {
    const change = { subject: planSubject(plan), before: { plan: team.plan }, after: { plan } }
    await recordEvent(tx, { teamId, actor: { kind: "system" }, kind: "plan.changed", ...change }, now)
  }
  if (!live) return endPlan(tx, teamId, { ...paidFor, plan }, now)
  await tx.subscriptionCheckout.updateMany({ where: { teamId, endedAt: null }, data: { endedAt: now } })
  if (terms && plan !== "free")
    await changePools(
      tx,
      teamId,
      {
        terms,
        period,
        beginsAnew: beginsAnew(before, subscription, liveIds),
        comesBack: before !== null && !wasLive,
        // A larger plan gives nothing until it is paid and undisputed.
        raisedAt: paid.isRaisePaid ? (planChangedAt ?? now) : null,
        isRaiseDisputed,
      },
      now,
    )
}

/**
 * Whether the present period was paid for anew, so that the pools' own period ends early. Not for a second
 * subscription while the first is still live, nor on the way back to the first: a team gets each thing once.
 */
function beginsAnew(before: Copy | null, subscription: FoundSubscription, liveIds: string[]): boolean {
  if (!before) return true
  if (before.stripeId !== subscription.stripeId)
    return subscription.startedAt >= before.startedAt && !liveIds.includes(before.stripeId)
  if (before.status === "incomplete") return true
  const hasNewAnchor = subscription.billingAnchor.getTime() !== before.billingAnchor.getTime()
  return hasNewAnchor && subscription.periodStartsAt > before.periodStartsAt
}
