import type { Db, Tx } from "@/lib/db/client"
import type { FoundInvoice } from "@/lib/stripe/invoices"

/**
 * Writes an invoice, which only moves forward in the order of the database's enum: a read that was overtaken changes
 * nothing. Metadata can be edited in Stripe's dashboard, so a purchase that it names must be the team's own.
 */
export async function keepInvoice(db: Db | Tx, teamId: string, invoice: FoundInvoice): Promise<void> {
  const { id, number, plan, amountMinor, fromCreditMinor, currency, status, createdAt, purchaseId } = invoice
  const purchase =
    purchaseId && (await db.purchase.count({ where: { teamId, id: purchaseId } })) > 0 ? purchaseId : null
  const kind = purchase ? "purchase" : invoice.isOfSubscription ? "subscription" : "other"
  await db.$executeRaw`
    INSERT INTO invoices AS i (team_id, id, number, kind, purchase_id, plan, amount_minor, from_credit_minor, currency, status, created_at)
    VALUES (${teamId}::uuid, ${id}, ${number}, ${kind}::invoice_kind, ${purchase}::uuid, ${plan}::plan, ${amountMinor},
      ${fromCreditMinor}, ${currency}, ${status}::invoice_status, ${createdAt})
    ON CONFLICT (team_id, id) DO UPDATE SET number = excluded.number, kind = excluded.kind, purchase_id = excluded.purchase_id,
      plan = excluded.plan, amount_minor = excluded.amount_minor, from_credit_minor = excluded.from_credit_minor,
      currency = excluded.currency, status = excluded.status
    WHERE i.status <= excluded.status`
}
