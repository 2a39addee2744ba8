import { keepsOthers } from "@/lib/db/keeps-others"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { applyDispute } from "@/lib/money-back/apply-dispute"
import { applyRefund } from "@/lib/money-back/apply-refund"
import { recordDispute } from "@/lib/money-back/record-dispute"
import { recordRefund } from "@/lib/money-back/record-refund"
import { listDisputes, listRefunds } from "@/lib/stripe/list-money-back"
import { requireAnswer } from "@/lib/stripe/outcome"
import { takeReadNumber } from "@/lib/stripe/read-number"
import {
  findHeldDisputes,
  findHeldRefunds,
  findTeams,
  type HeldClaim,
  listUnsettledClaims,
} from "./find-recorded"
import type { RunCtx } from "./tally"

type Applied = "applied" | "waiting" | "stale" | "ignored"

/** A refund or dispute as it was read. */
type Claim = {
  id: string
  paymentIntentId: string | null
  customerId: string | null
  amountNanos: bigint | null
  status: string
  apply: () => Promise<Applied>
}

/**
 * Compares refunds and disputes at Stripe with those that took credits, and applies what is missing or has changed as
 * the webhook would have: all since the run's window, or those of one payment.
 */
export async function compareMoneyBack(ctx: RunCtx, paymentIntentId?: string): Promise<void> {
  for (const kind of ["refund", "dispute"] as const)
    for (let after: string | null = null; ; ) {
      const { claims, next } = await readPage(ctx, kind, {
        since: paymentIntentId ? null : ctx.run.since,
        after,
        ...(paymentIntentId && { paymentIntentId }),
      })
      await comparePage(ctx, kind, claims)
      after = next
      if (after === null) break
    }
}

/**
 * Reads again the refunds and disputes that aren't over and that the run hasn't met. They may be older than its
 * window.
 */
export async function refreshUnsettled(ctx: RunCtx): Promise<void> {
  for (const { kind, teamId, objectId } of await listUnsettledClaims(ctx.db, ctx.run))
    await recordAgain(ctx, kind, teamId, objectId)
}

/** Reads one refund or dispute again and records its present state. One that can't be read stays a difference. */
export async function recordAgain(
  ctx: RunCtx,
  kind: "refund" | "dispute",
  teamId: string,
  objectId: string,
): Promise<void> {
  const record = kind === "refund" ? recordRefund : recordDispute
  const event = { id: `reconciliation:${ctx.run.id}`, type: `${kind}.read`, objectId, customerId: null }
  const done = await keepsOthers("reconciliation_repair_failed", { object: objectId }, () =>
    record(ctx, event),
  )
  if (done === "failed")
    ctx.tally.addDifference(notRecorded(kind, teamId, { id: objectId, amountNanos: null }))
  await ctx.tally.file()
}

async function comparePage(ctx: RunCtx, kind: "refund" | "dispute", claims: Claim[]): Promise<void> {
  const teams = await findTeams(
    ctx.db,
    claims.flatMap(({ customerId }) => customerId ?? []),
  )
  // A payment in another currency was never credited, and is parked.
  const owned = claims.flatMap((claim) => {
    const teamId = teams.get(claim.customerId ?? "")
    return teamId && claim.paymentIntentId && claim.amountNanos !== null ? [{ ...claim, teamId }] : []
  })
  const asked = owned.map(({ teamId, id }) => ({ teamId, objectId: id }))
  const held = await (kind === "refund" ? findHeldRefunds : findHeldDisputes)(ctx.db, asked)
  for (const claim of owned) {
    if (isSame(claim, held.get(claim.id))) {
      ctx.tally.add(claim.teamId, claim.id, "matched")
      continue
    }
    const applied = await keepsOthers("reconciliation_repair_failed", { object: claim.id }, claim.apply)
    if (applied === "failed") ctx.tally.addDifference(notRecorded(kind, claim.teamId, claim))
    // Stale: its webhook came in between and knew more.
    else if (applied !== "ignored")
      ctx.tally.add(claim.teamId, claim.id, applied === "stale" ? "matched" : "repaired")
  }
  await ctx.tally.file()
}

function isSame(claim: Claim, held: HeldClaim | undefined): boolean {
  return (
    held !== undefined &&
    held.amountNanos === claim.amountNanos &&
    held.status === claim.status &&
    held.hasFoundPurchase
  )
}

function notRecorded(
  kind: "refund" | "dispute",
  teamId: string,
  { id, amountNanos }: { id: string; amountNanos: bigint | null },
) {
  const stripe = amountNanos === null ? null : { amountMinor: amountNanos / NANOS_PER_CENT, currency: "usd" }
  return {
    teamId,
    kind: kind === "refund" ? ("refund_not_recorded" as const) : ("dispute_not_recorded" as const),
    objectId: id,
    purchaseId: null,
    stripe,
    ledgerNanos: null,
  }
}

async function readPage(
  ctx: RunCtx,
  kind: "refund" | "dispute",
  asked: { since: Date | null; after: string | null; paymentIntentId?: string },
): Promise<{ claims: Claim[]; next: string | null }> {
  const readNo = await takeReadNumber(ctx.db)
  if (kind === "refund") {
    const page = requireAnswer(await listRefunds(asked))
    if (page.kind === "missing") return { claims: [], next: null }
    const claims = page.reads.map((refund) => ({
      ...refund,
      id: refund.stripeRefundId,
      apply: () => applyRefund(ctx, { refund, readNo }),
    }))
    return { claims, next: page.next }
  }
  const page = requireAnswer(await listDisputes(asked))
  if (page.kind === "missing") return { claims: [], next: null }
  const claims = page.reads.map((dispute) => ({
    ...dispute,
    id: dispute.stripeDisputeId,
    apply: () => applyDispute(ctx, { dispute, readNo }),
  }))
  return { claims, next: page.next }
}
