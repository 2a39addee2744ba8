import { CATALOG } from "@/lib/catalog/catalog"
import type { Db } from "@/lib/db/client"
import type { InvoiceStatus, Plan } from "@/lib/db/generated/enums"
import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"

const NEWEST = 10

/** What Stripe says of an invoice, or what became of the money since it was paid. */
export type DocumentStatus = InvoiceStatus | "refunded" | "partly_refunded" | "disputed"

export type BillingDocument = {
  /** Stripe's id of the invoice; null for a purchase whose invoice we haven't heard of. */
  invoiceId: string | null
  key: string
  what: string
  amount: string
  status: DocumentStatus
  createdAt: Date
  receiptUrl: string | null
}

/** The team's newest invoices and receipts. A purchase is there once, and also if its invoice's event was lost. */
export async function listBillingDocuments(db: Db, teamId: string): Promise<BillingDocument[]> {
  const [invoices, purchases] = await Promise.all([
    db.invoice.findMany({
      where: { teamId, status: { not: "draft" } },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: NEWEST,
    }),
    db.purchase.findMany({
      where: { teamId, status: "succeeded" },
      orderBy: [{ settledAt: "desc" }, { id: "desc" }],
      take: 2 * NEWEST,
      select: {
        id: true,
        capturedNanos: true,
        amountNanos: true,
        settledAt: true,
        createdAt: true,
        receiptUrl: true,
      },
    }),
  ])
  const receipts = new Map(purchases.map(({ id, receiptUrl }) => [id, receiptUrl]))
  const invoiced = await db.invoice.findMany({
    where: { teamId, purchaseId: { in: purchases.map(({ id }) => id) } },
    select: { purchaseId: true },
  })
  const hasInvoice = new Set(invoiced.map(({ purchaseId }) => purchaseId))
  const since = await readMoneyBack(db, teamId, [
    ...purchases.map(({ id }) => id),
    ...invoices.flatMap(({ purchaseId }) => purchaseId ?? []),
  ])
  const documents = [
    ...invoices.map((invoice) => ({
      invoiceId: invoice.id,
      key: invoice.id,
      what: whatOf(invoice.kind, invoice.plan),
      amount: formatMinor(invoice.amountMinor, invoice.currency),
      status:
        (invoice.status === "paid" && invoice.purchaseId && since.get(invoice.purchaseId)) || invoice.status,
      createdAt: invoice.createdAt,
      receiptUrl: (invoice.purchaseId && receipts.get(invoice.purchaseId)) ?? null,
    })),
    ...purchases
      .filter(({ id }) => !hasInvoice.has(id))
      .map((purchase) => ({
        invoiceId: null,
        key: purchase.id,
        what: whatOf("purchase", null),
        amount: formatUsd(purchase.capturedNanos ?? purchase.amountNanos),
        status: since.get(purchase.id) ?? ("paid" as const),
        createdAt: purchase.settledAt ?? purchase.createdAt,
        receiptUrl: purchase.receiptUrl,
      })),
  ]
  return documents.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, NEWEST)
}

/** What became of the purchases of which money has left again, by purchase. */
async function readMoneyBack(
  db: Db,
  teamId: string,
  purchaseIds: string[],
): Promise<Map<string, DocumentStatus>> {
  if (purchaseIds.length === 0) return new Map()
  const rows = await db.$queryRaw<{ id: string; status: DocumentStatus }[]>`
    WITH claims AS (
      SELECT purchase_id, amount_nanos, false AS is_dispute FROM refunds
      WHERE team_id = ${teamId}::uuid AND purchase_id = ANY(${purchaseIds}::uuid[]) AND status NOT IN ('failed', 'canceled')
      UNION ALL
      SELECT purchase_id, 0, true FROM disputes
      WHERE team_id = ${teamId}::uuid AND purchase_id = ANY(${purchaseIds}::uuid[]) AND status IN ('open', 'lost')
    )
    SELECT p.id, CASE WHEN bool_or(c.is_dispute) THEN 'disputed'
      WHEN sum(c.amount_nanos) >= coalesce(p.paid_nanos, p.captured_nanos) THEN 'refunded' ELSE 'partly_refunded' END AS status
    FROM claims c JOIN purchases p ON p.team_id = ${teamId}::uuid AND p.id = c.purchase_id GROUP BY p.team_id, p.id`
  return new Map(rows.map(({ id, status }) => [id, status]))
}

/** Whether the team has this invoice. */
export async function hasInvoice(db: Db, teamId: string, id: string): Promise<boolean> {
  return (await db.invoice.count({ where: { teamId, id } })) > 0
}

function whatOf(kind: "subscription" | "purchase" | "other", plan: Plan | null): string {
  if (kind === "purchase") return "Credits"
  if (kind === "other") return "Other"
  return plan ? `${CATALOG.plans[plan].name} plan` : "Plan"
}

function formatMinor(amountMinor: bigint, currency: string): string {
  if (currency === "usd") return formatUsd(amountMinor * NANOS_PER_CENT)
  // Nothing is sold in another currency; an operator's own invoice may be.
  return `${amountMinor} ${currency.toUpperCase()} (smallest unit)`
}
