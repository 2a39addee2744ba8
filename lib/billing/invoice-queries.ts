import { CATALOG } from "@/lib/catalog/catalog"
import type { Db } from "@/lib/db/client"
import type { InvoiceStatus, Plan } from "@/lib/db/generated/enums"
import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"

const NEWEST = 10

export type BillingDocument = {
  /** Stripe's id of the invoice; null for a purchase whose invoice we haven't heard of. */
  invoiceId: string | null
  key: string
  what: string
  amount: string
  status: InvoiceStatus
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
  const documents = [
    ...invoices.map((invoice) => ({
      invoiceId: invoice.id,
      key: invoice.id,
      what: whatOf(invoice.kind, invoice.plan),
      amount: formatMinor(invoice.amountMinor, invoice.currency),
      status: invoice.status,
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
        status: "paid" as const,
        createdAt: purchase.settledAt ?? purchase.createdAt,
        receiptUrl: purchase.receiptUrl,
      })),
  ]
  return documents.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, NEWEST)
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
