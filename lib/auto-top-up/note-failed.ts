import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { raise } from "@/lib/notifications/raise"
import { identityOf } from "@/lib/payment-methods/one-per-card"
import type { StoredPurchase } from "@/lib/purchases/find-purchase"
import { tellFailed } from "@/lib/purchases/tell-outcome"
import { enqueueTopUp } from "@/lib/queue/enqueue-top-up"
import type { ChargeFailure } from "@/lib/stripe/decline-codes"
import { lockAllSettings, lockSettings, type PoolRef } from "@/lib/top-up-settings/settings"
import { MAX_FAILURES, RETRY_AFTER_MS } from "./decide"

/**
 * Records that a top-up failed, in the same transaction. A final decline suspends the card at once, in all pools of the team.
 * Any other is tried again in an hour, and no more after the third in a row with the same card. A mistake of ours is tried
 * again too, counts against no card, and is told once in a row.
 */
export async function noteTopUpFailed(
  tx: Tx,
  purchase: StoredPurchase,
  failure: ChargeFailure,
  now: Date,
): Promise<void> {
  const { teamId, poolId, id, cardFingerprint } = purchase
  const ref = { teamId, poolId }
  if (failure.kind === "final") await lockAllSettings(tx, teamId)
  const settings = await lockSettings(tx, ref)
  if (!settings || !cardFingerprint) throw new Error("A top-up has settings and names its card")
  const current = await readDefaultFingerprint(tx, teamId)
  // It was begun with a former default. Failures of the card that is charged next are kept.
  const isOfFormer = settings.failedFingerprint === current && cardFingerprint !== current && current !== null
  const before = settings.failedFingerprint === cardFingerprint ? settings.failures : 0
  const failures = failure.kind === "not_card" ? Math.max(before, 1) : before + 1
  const isSuspended = failure.kind === "final" || failures >= MAX_FAILURES
  if (!isOfFormer)
    await tx.autoTopUpSettings.update({
      where: { teamId_poolId: ref },
      data: {
        failures,
        failedFingerprint: cardFingerprint,
        failedAt: now,
        suspendedAt: isSuspended ? now : null,
      },
    })
  if (failure.kind === "final") await suspendElsewhere(tx, ref, { cardFingerprint, current }, now)
  const retryAt = isSuspended ? null : new Date(now.getTime() + RETRY_AFTER_MS)
  // When suspended, one more look records why nothing happens any more.
  await enqueueTopUp(queryIn(tx), ref, retryAt ?? undefined)
  const reason = failure.words
  if (failure.kind !== "not_card" || !(await hasFailedSoBefore(tx, purchase, failure.code)))
    await tellFailed(tx, purchase, { reason, retryAt }, now)
  if (!isSuspended) return
  const data = { failures, reason }
  await raise(queryIn(tx), { ...ref, type: "credit_auto_recharge_suspended", cause: id, data }, now)
}

// The team's pools charge one card. Without this, each would try a stolen card once more. A pool in which the next
// card has failed keeps its own record.
async function suspendElsewhere(
  tx: Tx,
  { teamId, poolId }: PoolRef,
  { cardFingerprint, current }: { cardFingerprint: string; current: string | null },
  now: Date,
): Promise<void> {
  const isOfFormer = current !== null && current !== cardFingerprint
  await tx.autoTopUpSettings.updateMany({
    where: {
      teamId,
      poolId: { not: poolId },
      ...(isOfFormer ? { OR: [{ failedFingerprint: null }, { failedFingerprint: { not: current } }] } : {}),
    },
    data: { failures: 1, failedFingerprint: cardFingerprint, failedAt: now, suspendedAt: now },
  })
}

async function readDefaultFingerprint(tx: Tx, teamId: string): Promise<string | null> {
  const method = await tx.paymentMethod.findFirst({ where: { teamId, isDefault: true } })
  return method && identityOf(method)
}

async function hasFailedSoBefore(
  tx: Tx,
  { teamId, poolId, id }: StoredPurchase,
  code: string,
): Promise<boolean> {
  const last = await tx.purchase.findFirst({
    where: { teamId, poolId, kind: "auto_top_up", id: { not: id } },
    orderBy: { createdAt: "desc" },
    select: { failureCode: true },
  })
  return last?.failureCode === code
}
