import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import type { StoredPurchase } from "./find-purchase"

/** Tells that credits were added, in the transaction that adds them. */
export async function tellSucceeded(
  tx: Tx,
  { teamId, id, poolId, kind, requestedByMemberId }: StoredPurchase,
  capturedNanos: bigint,
  now: Date,
): Promise<void> {
  const { creditsNanos } = await tx.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId, id: poolId } },
    select: { creditsNanos: true },
  })
  const data = {
    amount: toDecimalString(capturedNanos),
    balance: toDecimalString(creditsNanos),
    purchase_id: toPublicId("pur", id),
  }
  const type = kind === "auto_top_up" ? "credit_auto_recharge_triggered" : "credit_purchase_succeeded"
  const actor = kind === "one_time" ? { actorMemberId: requestedByMemberId } : {}
  await raise(queryIn(tx), { teamId, poolId, type, cause: id, data, ...actor }, now)
}

/** Tells that a charge failed, in the transaction that records it. `retryAt` is null if it isn’t tried again by itself. */
export async function tellFailed(
  tx: Tx,
  { teamId, id, poolId, kind, amountNanos }: StoredPurchase,
  { reason, retryAt }: { reason: string | null; retryAt: Date | null },
  now: Date,
): Promise<void> {
  const data = {
    kind,
    amount: toDecimalString(amountNanos),
    reason: reason ?? "The payment didn’t go through.",
    purchase_id: toPublicId("pur", id),
    retry_at: retryAt?.toISOString() ?? null,
  }
  await raise(queryIn(tx), { teamId, poolId, type: "credit_purchase_failed", cause: id, data }, now)
}
