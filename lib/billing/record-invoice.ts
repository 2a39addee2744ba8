import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { type FoundInvoice, listInvoices, readInvoice } from "@/lib/stripe/invoices"
import { requireAnswer } from "@/lib/stripe/outcome"
import type { EventHandler } from "@/lib/stripe/received-event"
import { recordCustomersSubscription } from "./record-subscription"

/** How many of the newest invoices a look at Stripe brings. */
const NEWEST = 20

/** Writes down what an invoice has become; one of a subscription may have changed the team's plan or period as well. */
export const recordInvoice: EventHandler = async (ctx, { id: eventId, objectId }) => {
  const read = requireAnswer(await readInvoice(objectId))
  if (read.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  const { invoice } = read
  const { customerId } = invoice
  const customer = customerId && (await ctx.db.stripeCustomer.findUnique({ where: { id: customerId } }))
  if (!customer) {
    alarm("unknown_customer", { event: eventId, team: null })
    return "ignored"
  }
  await keepInvoice(ctx.db, customer.teamId, invoice)
  if (invoice.isOfSubscription) return recordCustomersSubscription(ctx, { eventId, customerId })
  return "processed"
}

/** Brings the copies of the team's newest invoices up to date, whatever events were lost. */
export async function syncInvoices(ctx: { db: Db }, teamId: string): Promise<void> {
  const customer = await ctx.db.stripeCustomer.findFirst({ where: { teamId, replacedAt: null } })
  if (!customer) return
  const listed = requireAnswer(await listInvoices(customer.id, NEWEST))
  if (listed.kind === "customer_missing") return
  for (const invoice of listed.invoices) await keepInvoice(ctx.db, teamId, invoice)
}

/**
 * An invoice only goes forward, in the order of the database's enum: a read that was overtaken changes nothing. Metadata
 * can be edited in Stripe's dashboard, so a purchase that it names has to be the team's own.
 */
export async function keepInvoice(db: Db, teamId: string, invoice: FoundInvoice): Promise<void> {
  const { id, number, plan, amountMinor, currency, status, createdAt, purchaseId } = invoice
  const purchase =
    purchaseId && (await db.purchase.count({ where: { teamId, id: purchaseId } })) > 0 ? purchaseId : null
  const kind = purchase ? "purchase" : invoice.isOfSubscription ? "subscription" : "other"
  await db.$executeRaw`
    INSERT INTO invoices AS i (team_id, id, number, kind, purchase_id, plan, amount_minor, currency, status, created_at)
    VALUES (${teamId}::uuid, ${id}, ${number}, ${kind}::invoice_kind, ${purchase}::uuid, ${plan}::plan, ${amountMinor}, ${currency},
      ${status}::invoice_status, ${createdAt})
    ON CONFLICT (team_id, id) DO UPDATE SET number = excluded.number, kind = excluded.kind, purchase_id = excluded.purchase_id,
      plan = excluded.plan, amount_minor = excluded.amount_minor, currency = excluded.currency, status = excluded.status
    WHERE i.status <= excluded.status`
}
