import { CATALOG } from "@/lib/catalog/catalog"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { NANOS_PER_CENT, toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import type { FoundInvoice } from "@/lib/stripe/invoices"
import type { PeriodPayment } from "@/lib/stripe/subscription-invoices"
import type { FoundSubscription } from "@/lib/stripe/subscriptions"

type Failed = {
  subscription: FoundSubscription
  payment: PeriodPayment | null
  openInvoice: FoundInvoice | null
}

/**
 * Tells of a failed charge for the plan, once per invoice however often Stripe tries it. Not of the first one: a
 * person was there and saw it.
 */
export async function tellPaymentFailed(
  tx: Tx,
  teamId: string,
  { subscription, payment, openInvoice }: Failed,
  now: Date,
): Promise<void> {
  const { status, plan, isCollectionPaused } = subscription
  if (!payment || !openInvoice || isCollectionPaused || (status !== "past_due" && status !== "unpaid")) return
  const data = {
    plan: CATALOG.plans[plan].name,
    amount: toDecimalString(openInvoice.amountMinor * NANOS_PER_CENT),
    invoice_id: openInvoice.id,
    kind: payment.changeInvoices.includes(openInvoice.id) ? ("change" as const) : ("renewal" as const),
  }
  const notice = { teamId, poolId: null, type: "plan_payment_failed", cause: openInvoice.id, data } as const
  await raise(queryIn(tx), notice, now)
}
