import { MINUTE_MS } from "@/lib/clock"
import { readPayment } from "@/lib/stripe/gateway"
import { requireAnswer } from "@/lib/stripe/outcome"
import { recordAgain } from "./compare-money-back"
import { comparePayments } from "./compare-payments"
import { listNotSeen, type OpenDifference, resolveUnlessSeen } from "./differences"
import type { RunCtx } from "./tally"

/** How far Stripe's clock and ours may differ. At the edge of the window Stripe omits what we would include. */
const CLOCK_LEEWAY_MS = 5 * MINUTE_MS
/** With more payments that Stripe doesn't list, it is most likely another account. */
const MAX_ASKED = 200

export class WrongAccountError extends Error {}

type Held = {
  teamId: string
  purchaseId: string | null
  paymentIntentId: string
  /** Null when we have no record of it either. */
  capturedNanos: bigint | null
}

/**
 * Checks the other direction: asks one by one for payments that the ledger has and Stripe hasn't listed. A payment
 * that Stripe doesn't know is a difference. Nothing is taken back automatically.
 */
export async function findUnknownPayments(ctx: RunCtx): Promise<void> {
  let asked = 0
  for (let after: Held | null = null; ; ) {
    const page = await listUnseen(ctx, after)
    for (const held of page) {
      asked += 1
      if (asked > MAX_ASKED)
        throw new WrongAccountError(
          "Stripe doesn’t know many of the payments. Is the key that of the right Stripe account?",
        )
      await compareOne(ctx, held)
    }
    after = page.at(-1) ?? null
    if (!after) return
  }
}

/** Looks again at each known difference that this run hasn't met, and resolves those that are gone. */
export async function recheckDifferences(ctx: RunCtx): Promise<void> {
  for (let after: OpenDifference | null = null; ; ) {
    const page: OpenDifference[] = await listNotSeen(ctx.db, ctx.run, after)
    for (const difference of page) {
      if (!difference.isCompared) await compareAgain(ctx, difference)
      await resolveUnlessSeen(ctx.db, ctx.run, difference, ctx.now)
    }
    after = page.at(-1) ?? null
    if (!after) return
  }
}

async function compareAgain(ctx: RunCtx, difference: OpenDifference): Promise<void> {
  const { kind, teamId, objectId } = difference
  if (kind === "refund_not_recorded") await recordAgain(ctx, "refund", teamId, objectId)
  else if (kind === "dispute_not_recorded") await recordAgain(ctx, "dispute", teamId, objectId)
  else await compareOne(ctx, await findHeld(ctx, difference))
}

async function compareOne(ctx: RunCtx, held: Held): Promise<void> {
  const { teamId, purchaseId, paymentIntentId, capturedNanos } = held
  const payment = requireAnswer(await readPayment(paymentIntentId))
  if (payment.kind === "found") {
    await comparePayments(ctx, [{ ...payment, paymentIntentId, hasMoneyBack: false }])
    return
  }
  if (capturedNanos === null) return
  ctx.tally.addDifference({
    teamId,
    kind: "payment_unknown_at_stripe",
    objectId: paymentIntentId,
    purchaseId,
    stripe: null,
    ledgerNanos: capturedNanos,
  })
  await ctx.tally.file()
}

async function findHeld({ db }: RunCtx, { teamId, objectId, purchaseId }: OpenDifference): Promise<Held> {
  const purchase = await db.purchase.findUnique({
    where: { teamId_paymentIntentId: { teamId, paymentIntentId: objectId } },
    select: { id: true, capturedNanos: true },
  })
  return {
    teamId,
    purchaseId: purchase?.id ?? purchaseId,
    paymentIntentId: objectId,
    capturedNanos: purchase?.capturedNanos ?? null,
  }
}

function listUnseen({ db, run }: RunCtx, after: Held | null): Promise<Held[]> {
  const from = run.since && new Date(run.since.getTime() + CLOCK_LEEWAY_MS)
  return db.$queryRaw<Held[]>`
    SELECT p.team_id AS "teamId", p.id AS "purchaseId", p.payment_intent_id AS "paymentIntentId",
      p.captured_nanos AS "capturedNanos"
    FROM purchases p
    WHERE p.status = 'succeeded' AND (${from}::timestamptz IS NULL OR p.created_at >= ${from})
      AND (${run.teamId}::uuid IS NULL OR p.team_id = ${run.teamId}::uuid)
      AND NOT EXISTS (SELECT 1 FROM reconciliation_seen s
        WHERE s.team_id = p.team_id AND s.run_id = ${run.id}::uuid AND s.object_id = p.payment_intent_id)
      AND (${after?.teamId ?? null}::uuid IS NULL
        OR (p.team_id, p.id) > (${after?.teamId ?? null}::uuid, ${after?.purchaseId ?? null}::uuid))
    ORDER BY p.team_id, p.id LIMIT 100`
}
