import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { decideTopUp } from "./decide"
import { type Method, readState } from "./read-state"
import { recordDecision } from "./record-decision"
import { lockCap, lockSettings, type OpenTopUp, type PoolRef, type StoredSettings } from "./store"

/** As long as a bank's question may wait for a person. */
const LIFETIME_MS = DAY_MS

/**
 * Decides about a pool, and if it is to be topped up writes that down before anybody is asked to pay: what is under way
 * counts against the limits from then on. Answers the top-up that was begun, or null.
 */
export async function beginTopUp(tx: Tx, ref: PoolRef, now: Date): Promise<OpenTopUp | null> {
  const cap = await lockCap(tx, ref.teamId)
  if (!cap) return null
  const settings = await lockSettings(tx, ref)
  // The decision "off" is no news to anybody.
  if (!settings?.enabled) return null
  const { state, method } = await readState(tx, ref, settings, cap.capNanos, now)
  const decision = decideTopUp(state, now)
  const begun = decision.kind === "charge" && method ? { decision, method } : null
  const topUp =
    begun &&
    (await insertTopUp(tx, ref, settings, {
      amountNanos: begun.decision.amountNanos,
      method: begun.method,
      now,
    }))
  await recordDecision(tx, ref, { decision, state, purchaseId: topUp?.purchaseId ?? null, now })
  return topUp
}

async function insertTopUp(
  tx: Tx,
  { teamId, poolId }: PoolRef,
  settings: StoredSettings,
  { amountNanos, method, now }: { amountNanos: bigint; method: Method; now: Date },
): Promise<OpenTopUp> {
  const id = newId()
  const expiresAt = new Date(now.getTime() + LIFETIME_MS)
  await tx.purchase.create({
    data: {
      teamId,
      id,
      poolId,
      kind: "auto_top_up",
      amountNanos,
      requestedByMemberId: settings.allowedByMemberId,
      requestKey: `auto-top-up:${id}`,
      paymentMethodId: method.id,
      cardFingerprint: method.fingerprint,
      createdAt: now,
      expiresAt,
    },
  })
  return {
    teamId,
    poolId,
    purchaseId: id,
    amountNanos,
    paymentIntentId: null,
    paymentMethodId: method.id,
    needsAuthentication: false,
    createdAt: now,
    expiresAt,
  }
}
