import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import type { Db, Tx } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { ignoreForeign } from "@/lib/stripe/ignore-foreign"
import { lockCapturedPurchase, lockPayment } from "./captured-purchase"
import { settleClawbacks } from "./settle-clawbacks"

/** `waiting`: the payment isn't credited. Should it ever be, the claim takes the credits back at once. */
export type ClaimApplied = "applied" | "waiting" | "stale" | "ignored"

type Claim = { paymentIntentId: string | null; customerId: string | null; amountNanos: bigint | null }
type ClaimOwner = { teamId: string; paymentIntentId: string; purchaseId: string | null; amountNanos: bigint }

/**
 * Records what was read of a refund or dispute, and moves the credits that it claims by now. Our own record of the customer
 * decides whose it is. `save` returns whether what was read is news.
 */
export async function applyClaim(
  ctx: { db: Db; now: Date },
  { paymentIntentId, customerId, amountNanos }: Claim,
  {
    kind,
    stripeId,
    save,
  }: { kind: "refund" | "dispute"; stripeId: string; save: (tx: Tx, owner: ClaimOwner) => Promise<boolean> },
): Promise<ClaimApplied> {
  const teamId = await findTeamOfCustomer(ctx.db, customerId)
  // It belongs to nobody who is a customer of ours, or to a payment that we can't have asked for.
  if (teamId === null || !paymentIntentId) {
    ignoreForeign(kind, stripeId)
    return "ignored"
  }
  if (amountNanos === null) {
    alarm(`${kind}_in_other_currency`, { [kind]: stripeId, payment: paymentIntentId, team: teamId })
    return "ignored"
  }
  return ctx.db.$transaction(async (tx) => {
    await lockPayment(tx, paymentIntentId)
    const purchase = await lockCapturedPurchase(tx, teamId, paymentIntentId)
    const isNews = await save(tx, { teamId, paymentIntentId, purchaseId: purchase?.id ?? null, amountNanos })
    if (!isNews) return "stale"
    if (!purchase) return "waiting"
    await settleClawbacks({ tx, now: ctx.now }, purchase)
    return "applied"
  })
}
