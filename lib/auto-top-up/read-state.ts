import { findStripeCustomer } from "@/lib/billing/stripe-customer"
import { DAY_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import { decideExpiry } from "@/lib/payment-methods/expiry"
import { cardOf } from "@/lib/payment-methods/store"
import { availableOf } from "@/lib/pools/is-low"
import type { TopUpState } from "./decide"
import { findOpenTopUp, type OpenTopUp, type PoolRef, readCommitted, type StoredSettings } from "./store"

/** What a top-up charges. */
export type Method = { id: string; fingerprint: string; isExpired: boolean }

/** Everything that decides about a pool. Inside a transaction that has locked cap and settings nothing of it changes. */
export async function readState(
  db: Db | Tx,
  ref: PoolRef,
  settings: Omit<StoredSettings, "allowedByMemberId">,
  capNanos: bigint | null,
  now: Date,
): Promise<{ state: TopUpState; method: Method | null; open: OpenTopUp | null }> {
  const { teamId, poolId } = ref
  const pool = await db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId, id: poolId } },
    select: { creditsNanos: true, includedNanos: true, heldNanos: true, withheldNanos: true },
  })
  const open = await findOpenTopUp(db, ref)
  const attempts = await db.purchase.findMany({
    where: { teamId, poolId, kind: "auto_top_up", createdAt: { gt: new Date(now.getTime() - DAY_MS) } },
    select: { createdAt: true },
  })
  const committedNanos = await readCommitted(db, teamId, now)
  const method = await readDefaultMethod(db, teamId, now)
  const { failures, failedFingerprint, failedAt, suspendedAt } = settings
  return {
    method,
    open,
    state: {
      enabled: settings.enabled,
      paused:
        settings.pausedAt && settings.pausedReason
          ? { reason: settings.pausedReason, at: settings.pausedAt }
          : null,
      due: settings.dueCause && { cause: settings.dueCause, needsNanos: settings.dueNeedsNanos },
      thresholdNanos: settings.thresholdNanos,
      amountNanos: settings.amountNanos,
      availableNanos: availableOf(pool),
      isPlanUnpaid: pool.withheldNanos > 0n,
      openAttempt: open,
      paymentMethod: method,
      failures:
        failures > 0 && failedFingerprint && failedAt
          ? { count: failures, fingerprint: failedFingerprint, at: failedAt, suspendedAt }
          : null,
      attempts: attempts.map(({ createdAt }) => createdAt),
      capNanos,
      committedNanos,
    },
  }
}

/** What everything of the team is paid with, from our copy; null if there is none. */
export async function readDefaultMethod(db: Db | Tx, teamId: string, now: Date): Promise<Method | null> {
  const customerId = await findStripeCustomer(db, teamId)
  if (customerId === null) return null
  const row = await db.paymentMethod.findFirst({ where: { teamId, customerId, isDefault: true } })
  if (!row) return null
  const card = cardOf(row)
  return {
    id: row.id,
    fingerprint: row.fingerprint ?? row.id,
    isExpired: card !== null && decideExpiry(card, now) === "expired",
  }
}
