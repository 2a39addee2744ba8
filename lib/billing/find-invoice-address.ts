import type { Db } from "@/lib/db/client"
import { readInvoiceUrl } from "@/lib/stripe/invoices"
import { isUnanswered, type Unanswered } from "@/lib/stripe/outcome"
import { hasInvoice } from "./invoice-queries"

/**
 * Asks Stripe where an invoice of the team can be read now. `none` means that the team has no such invoice, whoever
 * else may have it.
 */
export async function findInvoiceAddress(
  { db }: { db: Db },
  { teamId, invoiceId }: { teamId: string; invoiceId: string },
): Promise<{ kind: "found"; url: string } | { kind: "none" } | { kind: "not_ready" } | Unanswered> {
  if (!(await hasInvoice(db, teamId, invoiceId))) return { kind: "none" }
  const read = await readInvoiceUrl(invoiceId)
  if (read.kind === "missing") return { kind: "none" }
  if (isUnanswered(read)) return read
  return read.url === null ? { kind: "not_ready" } : { kind: "found", url: read.url }
}
