import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import type { Metadata } from "../notation/params"
import { recordDisputeBalance } from "../objects/balance-transaction"
import { type NewDispute, newDispute } from "../objects/dispute"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { disarmWarnings } from "./fraud-warnings"

type Dispute = Stripe.Dispute

const CLOSED = ["won", "lost", "warning_closed", "prevented"]
const INQUIRIES = ["warning_needs_response", "warning_under_review"]

/** A search for one customer finds the dispute by its charge, because it names no customer itself. */
function announce(world: World, type: string, dispute: Dispute, previous?: object): void {
  emit(world, type, dispute, previous, world.store.get("charge", String(dispute.charge)))
}

export function openDispute(world: World, charge: Stripe.Charge, of: Partial<NewDispute>): Dispute {
  const amount = of.amount ?? charge.amount - charge.amount_refunded
  if (charge.status !== "succeeded") throw invalidRequest(`Charge ${charge.id} has not succeeded.`)
  if (amount < 1 || amount > charge.amount) {
    throw invalidRequest("A dispute is about a part or the whole of its charge.", { param: "amount" })
  }
  const known = world.store.where("dispute", "charge", charge.id)
  if (known.some((each) => !CLOSED.includes(each.status))) {
    throw invalidRequest(`Charge ${charge.id} has an open dispute already.`)
  }
  const { reason = "fraudulent", inquiry = false } = of
  const dispute = world.store.put("dispute", newDispute(world, charge, { amount, reason, inquiry }))
  world.store.change("charge", charge, { disputed: true })
  disarmWarnings(world, charge)
  if (!inquiry) withdraw(world, dispute)
  announce(world, "charge.dispute.created", dispute)
  if (!inquiry) announce(world, "charge.dispute.funds_withdrawn", dispute)
  return dispute
}

function withdraw(world: World, dispute: Dispute): void {
  const balance_transactions = [
    ...dispute.balance_transactions,
    recordDisputeBalance(world, dispute, "withdrawal"),
  ]
  world.store.change("dispute", dispute, { balance_transactions })
}

/** The bank was not content with the answer to its inquiry, or got none. */
export function escalateInquiry(world: World, dispute: Dispute): Dispute {
  if (!INQUIRIES.includes(dispute.status)) {
    throw invalidRequest(`Dispute ${dispute.id} is no inquiry: its status is ${dispute.status}.`)
  }
  const { status, is_charge_refundable } = dispute
  const { payment_method_details: details } = dispute
  if (details?.card) details.card.case_type = "chargeback"
  world.store.change("dispute", dispute, { status: "needs_response", is_charge_refundable: false })
  withdraw(world, dispute)
  announce(world, "charge.dispute.updated", dispute, { status, is_charge_refundable })
  announce(world, "charge.dispute.funds_withdrawn", dispute)
  return dispute
}

export type DisputeOutcome = "won" | "lost" | "warning_closed"

/** Ends it by the bank's decision, or by ours not to fight. */
export function closeDispute(world: World, dispute: Dispute, outcome: DisputeOutcome): Dispute {
  const { status } = dispute
  if (CLOSED.includes(status))
    throw invalidRequest(`This dispute is already closed: its status is ${status}.`)
  if (INQUIRIES.includes(status) !== (outcome === "warning_closed")) {
    throw invalidRequest(`A dispute with a status of ${status} can't be closed as ${outcome}.`)
  }
  world.store.change("dispute", dispute, { status: outcome, is_charge_refundable: outcome !== "lost" })
  if (outcome === "won") {
    const reversal = recordDisputeBalance(world, dispute, "reversal")
    world.store.change("dispute", dispute, {
      balance_transactions: [...dispute.balance_transactions, reversal],
    })
  }
  announce(world, "charge.dispute.closed", dispute, { status })
  if (outcome === "won") announce(world, "charge.dispute.funds_reinstated", dispute)
  return dispute
}

export interface DisputeChange {
  evidence: Partial<Stripe.Dispute.Evidence>
  metadata: Metadata
  submit: boolean
}

/** Stripe's published words, which decide a test dispute once they are submitted. */
const DECIDING_TEXT: Record<string, "won" | "lost" | "escalate"> = {
  winning_evidence: "won",
  losing_evidence: "lost",
  escalate_inquiry_evidence: "escalate",
}

export function updateDispute(world: World, dispute: Dispute, change: DisputeChange): Dispute {
  const { evidence_details: details, status, metadata } = dispute
  if (CLOSED.includes(status) && Object.keys(change.evidence).length > 0) {
    throw invalidRequest("This dispute is already closed.")
  }
  const evidence = { ...dispute.evidence, ...change.evidence }
  const hasEvidence = Object.values(evidence).some((value) => typeof value === "string" && value !== "")
  const submits = change.submit && Object.keys(change.evidence).length > 0
  world.store.change("dispute", dispute, {
    evidence,
    metadata: change.metadata,
    evidence_details: {
      ...details,
      has_evidence: hasEvidence,
      submission_count: details.submission_count + (submits ? 1 : 0),
      submission_method: submits ? "manual" : details.submission_method,
    },
    status: submits ? status.replace("needs_response", "under_review") : status,
  })
  announce(world, "charge.dispute.updated", dispute, { status, metadata, evidence_details: details })
  if (submits) decide(world, dispute)
  return dispute
}

function decide(world: World, dispute: Dispute): void {
  const wanted = DECIDING_TEXT[dispute.evidence.uncategorized_text ?? ""]
  const isInquiry = INQUIRIES.includes(dispute.status)
  if (wanted === "escalate" && isInquiry) escalateInquiry(world, dispute)
  else if (wanted === "won" || wanted === "lost") {
    closeDispute(world, dispute, isInquiry ? "warning_closed" : wanted)
  }
}

/** A chargeback that isn't won keeps its charge from being refunded as well. */
export function isChargedBack(world: World, charge: Stripe.Charge): boolean {
  return world.store.where("dispute", "charge", charge.id).some((each) => !each.is_charge_refundable)
}
