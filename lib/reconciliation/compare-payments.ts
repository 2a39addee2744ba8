import { keepsOthers } from "@/lib/db/keeps-others"
import { recordPayment } from "@/lib/purchases/record-payment"
import type { ListedPayment } from "@/lib/stripe/list-payments"
import type { Difference } from "./differences"
import { findParked, findRecorded, findTeams, type Parked, type Recorded } from "./find-recorded"
import type { RunCtx } from "./tally"

type Owned = ListedPayment & { teamId: string | null }

/** The state of a payment. `differences` means that it belongs to nobody we know and is parked. */
type Finding =
  | { kind: "not_ours" }
  | { kind: "matched" | "repaired" | "differences"; teamId: string | null }
  | { kind: "difference"; difference: Difference }

/**
 * Compares a page of Stripe's payments with the purchases and the ledger, and files the findings. Captured payments
 * that we lack are recorded as the webhook would have. No entry is ever changed.
 */
export async function comparePayments(ctx: RunCtx, payments: ListedPayment[]): Promise<void> {
  const owned = await withTeams(ctx, payments)
  const recorded = await findRecorded(ctx.db, owned)
  const missing = owned.filter((each) => isOurs(each) && isPaid(each) && !recorded.has(each.paymentIntentId))
  const before = await findParked(ctx.db, idsOf(missing))
  const repairs = missing.filter(({ paymentIntentId }) => !before.has(paymentIntentId))
  for (const payment of repairs) await record(ctx, payment)
  const after = await findRecorded(ctx.db, repairs)
  const parked = new Map([...before, ...(await findParked(ctx.db, idsOf(repairs)))])

  for (const payment of owned) {
    const found = recorded.get(payment.paymentIntentId) ?? after.get(payment.paymentIntentId) ?? null
    const isRepaired = after.has(payment.paymentIntentId)
    const finding = judge(payment, found, parked.get(payment.paymentIntentId) ?? null, isRepaired)
    if (finding.kind === "difference") ctx.tally.addDifference(finding.difference)
    else if (finding.kind !== "not_ours") ctx.tally.add(finding.teamId, payment.paymentIntentId, finding.kind)
  }
  await ctx.tally.file()
}

function judge(
  payment: Owned,
  recorded: Recorded | null,
  parked: Parked | null,
  isRepaired: boolean,
): Finding {
  const { state, teamId } = payment
  if (recorded) {
    if (state.status !== "paid") return differs("payment_not_captured", payment, recorded)
    // A list doesn't say how much of a payment is tax. That was read with its checkout, when it was credited.
    if (state.payment.paidNanos !== recorded.paidNanos || recorded.capturedNanos !== recorded.entryNanos)
      return differs("payment_amount_differs", payment, recorded)
    return { kind: isRepaired ? "repaired" : "matched", teamId: recorded.teamId }
  }
  if (!isOurs(payment) || state.status !== "paid") return { kind: "not_ours" }
  // A person has decided about it.
  if (parked?.isResolved) return { kind: "matched", teamId }
  return teamId ? differs("payment_not_credited", payment, { teamId }) : { kind: "differences", teamId }
}

function differs(
  kind: Difference["kind"],
  { state, paymentIntentId, owner }: ListedPayment,
  held: Recorded | { teamId: string; purchaseId?: undefined },
): Finding {
  const difference = {
    teamId: held.teamId,
    kind,
    objectId: paymentIntentId,
    purchaseId: held.purchaseId ?? owner.purchaseId,
    stripe: state.status === "paid" ? state.payment : null,
    ledgerNanos: held.purchaseId === undefined ? null : (held.entryNanos ?? 0n),
  }
  return { kind: "difference", difference }
}

/** Records a payment as its webhook would have. One that can't be recorded stays a difference. */
function record(ctx: RunCtx, { paymentIntentId, owner }: Owned): Promise<unknown> {
  const event = {
    id: `reconciliation:${ctx.run.id}`,
    type: "payment_intent.succeeded",
    objectId: paymentIntentId,
    customerId: owner.customerId,
  }
  return keepsOthers("reconciliation_repair_failed", { object: paymentIntentId }, () =>
    recordPayment(ctx, event),
  )
}

async function withTeams(ctx: RunCtx, payments: ListedPayment[]): Promise<Owned[]> {
  const teams = await findTeams(
    ctx.db,
    payments.flatMap(({ owner }) => owner.customerId ?? []),
  )
  return payments.map((payment) => ({
    ...payment,
    teamId: teams.get(payment.owner.customerId ?? "") ?? null,
  }))
}

// Payments that no purchase of ours asked for, such as a subscription's invoice, are not credits.
const isOurs = ({ owner }: ListedPayment) => owner.purchaseId !== null
const isPaid = ({ state }: ListedPayment) => state.status === "paid"
const idsOf = (payments: ListedPayment[]) => payments.map(({ paymentIntentId }) => paymentIntentId)
