import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { ignoreForeign } from "@/lib/stripe/ignore-foreign"
import { listInvoices, readInvoice } from "@/lib/stripe/invoices"
import { requireAnswer } from "@/lib/stripe/outcome"
import type { EventHandler } from "@/lib/stripe/received-event"
import { keepInvoice } from "./keep-invoice"
import { recordCustomersSubscription } from "./record-subscription"

/** How many of the newest invoices one read at Stripe brings. */
const NEWEST = 20

/** Records an invoice's present state. One of a subscription may have changed the team's plan or period as well. */
export const recordInvoice: EventHandler = async (ctx, { objectId }) => {
  const read = requireAnswer(await readInvoice(objectId))
  if (read.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  const { invoice } = read
  const { customerId } = invoice
  const teamId = await findTeamOfCustomer(ctx.db, customerId)
  if (teamId === null) {
    ignoreForeign("invoice", objectId)
    return "ignored"
  }
  await keepInvoice(ctx.db, teamId, invoice)
  if (invoice.isOfSubscription) return recordCustomersSubscription(ctx, { objectId, customerId })
  return "processed"
}

/** Brings the copies of the team's newest invoices up to date, whatever events were lost. */
export async function syncInvoices(ctx: { db: Db }, teamId: string): Promise<void> {
  const customerId = await findStripeCustomer(ctx.db, teamId)
  if (customerId === null) return
  const listed = requireAnswer(await listInvoices(customerId, NEWEST))
  if (listed.kind === "customer_missing") return
  for (const invoice of listed.invoices) await keepInvoice(ctx.db, teamId, invoice)
}
