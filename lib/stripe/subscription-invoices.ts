import type Stripe from "stripe"
import { stripe } from "./client"
import { type FoundInvoice, toFoundInvoice } from "./invoices"
import { asOutcome, type Unanswered } from "./outcome"
import type { FoundSubscription } from "./subscriptions"

/** The payment's outcome for a subscription's present period. */
export type PeriodPayment = {
  /**
   * `processing`: requested, and neither refused nor done, as with a bank debit. `draft`: Stripe hasn't asked yet.
   * `failed`: refused, written off, voided, or not even requested.
   */
  state: "paid" | "processing" | "draft" | "failed"
  /** Stripe's ids of the invoices for the period itself, and of those for larger plans within it. */
  periodInvoices: string[]
  changeInvoices: string[]
  /** Whether a change to a larger plan within the period is paid, if there was one. */
  isChangePaid: boolean
  /** The oldest that a person can pay. */
  openInvoice: FoundInvoice | null
}

type Subscription = Pick<FoundSubscription, "stripeId" | "status" | "isCollectionPaused" | "periodStartsAt">

/** More would mean more than fifty changes of plan in one period. */
const NEWEST = 100

/**
 * Reads what the subscription's invoices say of its present period. Its status alone doesn't tell: another invoice's
 * payment makes it active while the period's own is still unpaid.
 */
export async function readPeriodPayment(
  subscription: Subscription,
): Promise<({ kind: "found" } & PeriodPayment) | Unanswered> {
  return asOutcome("list a subscription’s invoices", async () => {
    const { data } = await stripe().invoices.list({ subscription: subscription.stripeId, limit: NEWEST })
    const start = subscription.periodStartsAt.getTime() / 1000
    const ofPeriod = data.filter((invoice) => chargesFor(invoice, start))
    const ofChange = data.filter(
      (invoice) =>
        !ofPeriod.includes(invoice) &&
        invoice.billing_reason === "subscription_update" &&
        invoice.created >= start &&
        invoice.total > 0,
    )
    const payable = data.filter(({ status }) => status === "open" || status === "uncollectible")
    const oldest = payable.findLast(({ status }) => status === "open") ?? payable.at(-1)
    return {
      kind: "found",
      state: decidePayment(ofPeriod, data[0], subscription),
      periodInvoices: ofPeriod.map(({ id }) => id),
      changeInvoices: ofChange.map(({ id }) => id),
      isChangePaid:
        (ofChange[0]?.status ?? "paid") === "paid" && ofChange.every(({ status }) => status !== "open"),
      openInvoice: oldest ? toFoundInvoice(oldest) : null,
    }
  })
}

/** Whether an invoice charges for the whole period that begins then. */
function chargesFor({ lines }: Stripe.Invoice, start: number): boolean {
  return lines.data.some(({ parent, period }) => {
    const item = parent?.subscription_item_details
    return item?.proration === false && period.start === start
  })
}

const OWES: Subscription["status"][] = ["past_due", "unpaid", "paused", "incomplete", "incomplete_expired"]

type Charged = Pick<Stripe.Invoice, "id" | "status" | "attempted" | "auto_advance">

/** Combines a period's own invoices with its subscription. `newest` is the subscription's newest invoice of any kind. */
export function decidePayment(
  ofPeriod: Charged[],
  newest: Pick<Charged, "id"> | undefined,
  { status, isCollectionPaused }: Pick<Subscription, "status" | "isCollectionPaused">,
): PeriodPayment["state"] {
  if (ofPeriod.some((invoice) => invoice.status === "paid")) return "paid"
  if (isCollectionPaused || OWES.includes(status)) return "failed"
  const [invoice] = ofPeriod
  // Nothing was ever charged for it, as after an import from elsewhere.
  if (!invoice) return "paid"
  if (status === "canceled") return "failed"
  if (invoice.status === "draft") return invoice.auto_advance === false ? "failed" : "draft"
  const isRefused = invoice.attempted && invoice.id !== newest?.id
  return invoice.status === "open" && !isRefused ? "processing" : "failed"
}
