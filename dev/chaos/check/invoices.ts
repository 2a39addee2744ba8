import type Stripe from "stripe"
import { stripeAt } from "@/stand-in/testing"
import type { ChaosTeam } from "../world/teams"

/** One invoice of a subscription in Stripe's books: its period, and whether that was paid. */
export type PlanInvoice = {
  id: string
  teamId: string
  startsAt: Date
  isPaid: boolean
}

/** Reads what Stripe's books say of the subscriptions, and which payments were for them and bought no credits. */
export async function readPlanInvoices(
  stripeUrl: string,
  teams: Pick<ChaosTeam, "id" | "subscription">[],
): Promise<{ invoices: PlanInvoice[]; payments: Set<string> }> {
  const stripe = stripeAt(stripeUrl)
  const invoices: PlanInvoice[] = []
  const payments = new Set<string>()
  for (const { id: teamId, subscription } of teams) {
    if (!subscription) continue
    for await (const invoice of stripe.invoices.list({ subscription, limit: 100 })) {
      if (!invoice.id) throw new Error("Stripe has written an invoice without an id")
      invoices.push({
        id: invoice.id,
        teamId,
        startsAt: startOf(invoice),
        isPaid: invoice.status === "paid",
      })
      for await (const { payment } of stripe.invoicePayments.list({ invoice: invoice.id, limit: 100 }))
        if (payment.payment_intent) payments.add(String(payment.payment_intent))
    }
  }
  return { invoices, payments }
}

// The invoice's own period is the one that is over. Its line names the one that is paid for.
function startOf({ lines }: Stripe.Invoice): Date {
  return new Date(Math.max(...lines.data.map(({ period }) => period.start)) * 1_000)
}
