import type { Tx } from "@/lib/db/client"
import type { Plan, SubscriptionStatus } from "@/lib/db/generated/enums"
import type { FoundSubscription } from "@/lib/stripe/subscriptions"
import { changePools } from "./change-pools"
import { isLive } from "./subscription-status"
import { termsAt } from "./terms-at"

export type ChosenSubscription = {
  subscription: FoundSubscription | null
  /** Stripe's ids of all that are live. */
  liveIds: string[]
}

type Copy = {
  stripeId: string
  status: SubscriptionStatus
  startedAt: Date
  billingAnchor: Date
  periodStartsAt: Date
}

/**
 * Writes the copy of the team's subscription and everything that follows from it: the team's plan and anchor, and in each
 * pool the period or the larger plan that was paid for. In the transaction that claimed the snapshot. Locks the team
 * before its pools, as everybody does.
 */
export async function applySubscription(
  tx: Tx,
  teamId: string,
  { subscription, liveIds }: ChosenSubscription,
  now: Date,
): Promise<void> {
  if (!subscription) return
  const [team] = await tx.$queryRaw<{ plan: Plan }[]>`
    SELECT plan FROM teams WHERE id = ${teamId}::uuid AND deleted_at IS NULL FOR NO KEY UPDATE`
  if (!team) return
  const before = await tx.subscription.findUnique({ where: { teamId } })
  const { planChangedAt, ...found } = subscription
  const copy = { ...found, othersLive: Math.max(0, liveIds.length - 1), syncedAt: now }
  await tx.subscription.upsert({ where: { teamId }, create: { teamId, ...copy }, update: copy })

  const live = isLive(subscription.status)
  // Enterprise is by contract. Whoever had no live subscription and has none now is on the plan that the operator set.
  if (team.plan === "enterprise" || (!live && !(before && isLive(before.status)))) return
  const periodAnchor = subscription.billingAnchor
  const terms = termsAt({ plan: "free", periodAnchor, subscription }, now)
  const plan = terms?.plan ?? subscription.plan
  await tx.team.update({ where: { id: teamId }, data: { plan, periodAnchor } })
  if (!live) return
  await tx.subscriptionCheckout.updateMany({ where: { teamId, endedAt: null }, data: { endedAt: now } })
  if (terms && plan !== "free")
    await changePools(
      tx,
      teamId,
      {
        terms,
        beginsAnew: beginsAnew(before, subscription, liveIds),
        // A larger plan that isn't paid for yet gives nothing until it is.
        raisedAt: subscription.status === "past_due" ? null : (planChangedAt ?? now),
      },
      now,
    )
}

/**
 * Whether the present period was paid for anew, so that the pools' own ends early. Not for a second subscription while the
 * first is still live, nor on going back to the first: what a team gets, it gets once.
 */
function beginsAnew(before: Copy | null, subscription: FoundSubscription, liveIds: string[]): boolean {
  if (!before) return true
  if (before.stripeId !== subscription.stripeId)
    return subscription.startedAt >= before.startedAt && !liveIds.includes(before.stripeId)
  if (before.status === "incomplete") return true
  const hasNewAnchor = subscription.billingAnchor.getTime() !== before.billingAnchor.getTime()
  return hasNewAnchor && subscription.periodStartsAt > before.periodStartsAt
}
