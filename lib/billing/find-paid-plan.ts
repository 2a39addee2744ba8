import { findTeamOfCustomer } from "@/lib/customers/find-team-of-customer"
import type { Db } from "@/lib/db/client"
import { readInvoicePaidBy } from "@/lib/stripe/invoices"
import { requireAnswer } from "@/lib/stripe/outcome"

type Payment = { paymentIntentId: string | null; customerId: string | null }

/** Returns the team and invoice of a payment for a plan. Null for any other payment. */
export async function findPaidPlan(
  db: Db,
  { paymentIntentId, customerId }: Payment,
): Promise<{ teamId: string; invoiceId: string } | null> {
  if (!paymentIntentId) return null
  const teamId = await findTeamOfCustomer(db, customerId)
  if (teamId === null) return null
  // A purchase of credits may have an invoice too, which adds nothing here.
  if ((await db.purchase.count({ where: { teamId, paymentIntentId } })) > 0) return null
  const read = requireAnswer(await readInvoicePaidBy(paymentIntentId))
  if (read.kind === "missing" || !read.invoice.isOfSubscription) return null
  return { teamId, invoiceId: read.invoice.id }
}
