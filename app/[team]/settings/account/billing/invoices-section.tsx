import { InvoicesCard } from "@/components/invoices/invoices-card"
import { PortalButton } from "@/components/plan/portal-button"
import { listBillingDocuments } from "@/lib/billing/invoice-queries"
import { toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { openPortal } from "./plan-actions"

type Props = { viewer: Viewer; poolId: string | null }

/** The team's newest receipts and invoices, for those who may see its billing. */
export async function InvoicesSection({ viewer: { team }, poolId }: Props) {
  const { db, now } = pageCtx()
  const { documents, creditNanos } = await listBillingDocuments(db, team.id)
  const publicPoolId = poolId && toPublicId("pool", poolId)
  return (
    <InvoicesCard
      invoices={documents.map(({ invoiceId, createdAt, receiptUrl, ...document }) => ({
        ...document,
        createdAt: createdAt.toISOString(),
        receiptHref: receiptUrl,
        invoiceHref: invoiceId && `/${team.slug}/settings/account/billing/invoices/${invoiceId}`,
      }))}
      credit={creditNanos > 0n ? formatUsd(creditNanos) : null}
      now={await readersNow(now)}
      portalButton={
        documents.some(({ invoiceId }) => invoiceId !== null) && (
          <PortalButton
            look="link"
            openPortal={openPortal.bind(null, team.slug, { tab: "payments", poolId: publicPoolId })}
          >
            All invoices in Stripe
          </PortalButton>
        )
      }
    />
  )
}
