import { notFound, redirect } from "next/navigation"
import { Message } from "@/components/ui/message-page"
import { findInvoiceAddress } from "@/lib/billing/find-invoice-address"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string; id: string }> }

/** Leads to an invoice at Stripe, whose own addresses are good for some weeks only. */
export default async function InvoicePage({ params }: Props) {
  const { team: slug, id } = await params
  const billing = `/${slug}/settings/account/billing`
  const here = `${billing}/invoices/${encodeURIComponent(id)}`
  const { team } = await requireMember(slug, "invoices:view", here)
  const found = await findInvoiceAddress(pageCtx(), { teamId: team.id, invoiceId: id })
  if (found.kind === "none") notFound()
  if (found.kind === "found") redirect(found.url)
  return (
    <Message link={{ href: billing, label: "Back to billing" }} title="This invoice can’t be shown right now">
      Stripe can’t be reached, or hasn’t finished the invoice yet. Try again in a moment.
    </Message>
  )
}
