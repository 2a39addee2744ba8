import { CATALOG } from "@/lib/catalog/catalog"
import type { Db } from "@/lib/db/client"
import type { InvoiceKind, InvoiceStatus, Plan } from "@/lib/db/generated/enums"
import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"

const NEWEST = 10

/** The status of an invoice at Stripe, or of its money since it was paid. */
export type DocumentStatus =
  | InvoiceStatus
  | "refunded"
  | "partly_refunded"
  | "disputed"
  /** Paid entirely from the customer's credit at Stripe. */
  | "paid_from_credit"
  /** It owes the customer something, which their next invoices use up. */
  | "credited"

export type BillingDocument = {
  /** Stripe's id of the invoice. Null for a purchase whose invoice isn't known yet. */
  invoiceId: string | null
  key: string
  what: string
  amount: string
  status: DocumentStatus
  createdAt: Date
  receiptUrl: string | null
}

export type BillingDocuments = {
  documents: BillingDocument[]
  /** The credit that Stripe takes off the team's next invoices. */
  creditNanos: bigint
}

/** Lists the team's newest invoices and receipts. Each purchase appears once, even if its invoice's event was lost. */
export async function listBillingDocuments(db: Db, teamId: string): Promise<BillingDocuments> {
  const [{ invoices, creditNanos }, purchases] = await Promise.all([
    readInvoices(db, teamId),
    readPurchases(db, teamId),
  ])
  const receipts = new Map(purchases.map(({ id, receiptUrl }) => [id, receiptUrl]))
  const since = await readMoneyBack(db, teamId, {
    purchases: [...purchases.map(({ id }) => id), ...invoices.flatMap(({ purchaseId }) => purchaseId ?? [])],
    invoices: invoices.map(({ id }) => id),
  })
  const documents = [
    ...invoices.map((invoice) => ({
      invoiceId: invoice.id,
      key: invoice.id,
      what: whatOf(invoice.kind, invoice.plan),
      amount: formatMinor(invoice.amountMinor, invoice.currency),
      status: (invoice.status === "paid" && since.get(invoice.purchaseId ?? invoice.id)) || statusOf(invoice),
      createdAt: invoice.createdAt,
      receiptUrl: (invoice.purchaseId && receipts.get(invoice.purchaseId)) ?? null,
    })),
    ...purchases
      .filter(({ hasInvoice }) => !hasInvoice)
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
  documents.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  return { documents: documents.slice(0, NEWEST), creditNanos }
}

type InvoiceRow = Settled & {
  id: string
  kind: InvoiceKind
  plan: Plan | null
  purchaseId: string | null
  currency: string
  createdAt: Date
}

/**
 * Includes the credit of the billed customer. A purchase is paid before it is invoiced, so its invoice counts once it
 * says paid. Until then, or if it never does, the purchase stands for itself.
 */
async function readInvoices(
  db: Db,
  teamId: string,
): Promise<{ invoices: InvoiceRow[]; creditNanos: bigint }> {
  const rows = await db.$queryRaw<(Omit<InvoiceRow, "id"> & { id: string | null; creditNanos: bigint })[]>`
    SELECT coalesce(c.credit_nanos, 0) AS "creditNanos", i.id, i.kind, i.plan, i.purchase_id AS "purchaseId",
      i.amount_minor AS "amountMinor", i.from_credit_minor AS "fromCreditMinor", i.currency, i.status, i.created_at AS "createdAt"
    FROM teams t
    LEFT JOIN stripe_customers c ON c.team_id = t.id AND c.replaced_at IS NULL
    LEFT JOIN LATERAL (
      SELECT * FROM invoices WHERE team_id = t.id AND status <> 'draft' AND (kind <> 'purchase' OR status = 'paid')
      ORDER BY created_at DESC, id DESC LIMIT ${NEWEST}
    ) i ON true
    WHERE t.id = ${teamId}::uuid ORDER BY i.created_at DESC, i.id DESC`
  return {
    invoices: rows.flatMap(({ id, ...row }) => (id ? [{ ...row, id }] : [])),
    creditNanos: rows[0]?.creditNanos ?? 0n,
  }
}

type PurchaseRow = {
  id: string
  capturedNanos: bigint | null
  amountNanos: bigint
  settledAt: Date | null
  createdAt: Date
  receiptUrl: string | null
  hasInvoice: boolean
}

function readPurchases(db: Db, teamId: string): Promise<PurchaseRow[]> {
  return db.$queryRaw`
    SELECT p.id, p.captured_nanos AS "capturedNanos", p.amount_nanos AS "amountNanos", p.settled_at AS "settledAt",
      p.created_at AS "createdAt", p.receipt_url AS "receiptUrl",
      EXISTS (SELECT FROM invoices i WHERE i.team_id = p.team_id AND i.purchase_id = p.id AND i.status = 'paid') AS "hasInvoice"
    FROM purchases p WHERE p.team_id = ${teamId}::uuid AND p.status = 'succeeded'
    ORDER BY p.settled_at DESC, p.id DESC LIMIT ${2 * NEWEST}`
}

/** Reads the refunds and disputes of payments, by purchase or by the invoice of a plan. */
async function readMoneyBack(
  db: Db,
  teamId: string,
  { purchases, invoices }: { purchases: string[]; invoices: string[] },
): Promise<Map<string, DocumentStatus>> {
  if (purchases.length + invoices.length === 0) return new Map()
  const rows = await db.$queryRaw<{ id: string; status: DocumentStatus }[]>`
    WITH claims AS (
      SELECT team_id, coalesce(purchase_id::text, invoice_id) AS id, amount_nanos, false AS is_dispute FROM refunds
      WHERE team_id = ${teamId}::uuid AND (purchase_id = ANY(${purchases}::uuid[]) OR invoice_id = ANY(${invoices}))
        AND status NOT IN ('failed', 'canceled')
      UNION ALL
      SELECT team_id, coalesce(purchase_id::text, invoice_id), 0, true FROM disputes
      WHERE team_id = ${teamId}::uuid AND (purchase_id = ANY(${purchases}::uuid[]) OR invoice_id = ANY(${invoices}))
        AND status IN ('open', 'lost')
    ), paid AS (
      SELECT id::text, coalesce(paid_nanos, captured_nanos) AS nanos FROM purchases
      WHERE team_id = ${teamId}::uuid AND id = ANY(${purchases}::uuid[])
      UNION ALL
      SELECT id, (amount_minor - from_credit_minor) * ${NANOS_PER_CENT} FROM invoices
      WHERE team_id = ${teamId}::uuid AND id = ANY(${invoices})
    )
    SELECT c.id, CASE WHEN bool_or(c.is_dispute) THEN 'disputed'
      WHEN sum(c.amount_nanos) >= p.nanos THEN 'refunded' ELSE 'partly_refunded' END AS status
    FROM claims c JOIN paid p ON p.id = c.id GROUP BY c.id, p.nanos`
  return new Map(rows.map(({ id, status }) => [id, status]))
}

type Settled = { status: InvoiceStatus; amountMinor: bigint; fromCreditMinor: bigint }

function statusOf({ status, amountMinor, fromCreditMinor }: Settled): DocumentStatus {
  if (status !== "paid") return status
  if (amountMinor < 0n) return "credited"
  return amountMinor > 0n && fromCreditMinor >= amountMinor ? "paid_from_credit" : "paid"
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
  // Nothing is sold in another currency, but an operator's own invoice may be.
  return `${amountMinor} ${currency.toUpperCase()} (smallest unit)`
}
