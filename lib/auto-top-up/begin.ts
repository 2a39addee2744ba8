import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { lockTeam } from "@/lib/teams/lock-team"
import {
  type DueCause,
  lockCap,
  lockSettings,
  NOT_DUE,
  type PoolRef,
  type StoredSettings,
} from "@/lib/top-up-settings/settings"
import { decideTopUp } from "./decide"
import { type Method, readState } from "./read-state"
import { recordDecision } from "./record-decision"
import type { OpenTopUp } from "./store"

/** As long as a bank's question may wait for a person. */
const LIFETIME_MS = DAY_MS

/**
 * Decides about a pool. A top-up is written down before anybody is charged, so that it counts against the limits from
 * then on. Returns the top-up that was begun, or null.
 */
export async function beginTopUp(tx: Tx, ref: PoolRef, now: Date): Promise<OpenTopUp | null> {
  // Its decision is also written for the team's metering.
  await lockTeam(tx, ref.teamId)
  const cap = await lockCap(tx, ref.teamId)
  if (!cap) return null
  const settings = await lockSettings(tx, ref)
  // The decision "off" is news to nobody.
  if (!settings?.enabled) return null
  const { state, method } = await readState(queryIn(tx), ref, settings, cap.capNanos, now)
  const decision = decideTopUp(state, now)
  const begun = decision.kind === "charge" && method ? { decision, method } : null
  const topUp =
    begun &&
    (await insertTopUp(tx, ref, settings, {
      ...begun.decision,
      method: begun.method,
      now,
    }))
  // It has enough again, so the reason why it was due is over. A later fall needs a new cause.
  if (decision.kind === "no" && decision.reason === "not_low" && state.due)
    await tx.autoTopUpSettings.update({ where: { teamId_poolId: ref }, data: NOT_DUE })
  await recordDecision(tx, ref, { decision, state, purchaseId: topUp?.purchaseId ?? null, now })
  return topUp
}

async function insertTopUp(
  tx: Tx,
  { teamId, poolId }: PoolRef,
  settings: StoredSettings,
  { amountNanos, cause, method, now }: { amountNanos: bigint; cause: DueCause; method: Method; now: Date },
): Promise<OpenTopUp> {
  const id = newId()
  const expiresAt = new Date(now.getTime() + LIFETIME_MS)
  await tx.purchase.create({
    data: {
      teamId,
      id,
      poolId,
      kind: "auto_top_up",
      dueCause: cause,
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
    isProcessing: false,
    createdAt: now,
    expiresAt,
  }
}
