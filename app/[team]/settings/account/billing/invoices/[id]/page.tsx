import { notFound, redirect } from "next/navigation"
import { Message } from "@/components/ui/message-page"
import { findInvoiceAddress } from "@/lib/billing/find-invoice-address"
import { TooManyAttemptsError } from "@/lib/errors"
import { billingHref } from "@/lib/web/billing-tabs"
import { mayAskStripe } from "@/lib/web/may-ask-stripe"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"

const WHY = {
  not_ready: "Stripe hasn’t finished this invoice yet. Try again in a moment.",
  too_many_attempts: new TooManyAttemptsError().title,
  unavailable: "Stripe can’t be reached right now. Try again in a moment.",
  our_mistake: "Something in our payment setup is wrong. We’ve been told.",
}

export const generateMetadata = teamTitle("Invoice", "invoices:view")

type Props = { params: Promise<{ team: string; id: string }> }

/** Leads to an invoice at Stripe. Stripe's own addresses expire after some weeks. */
export default async function InvoicePage({ params }: Props) {
  const { team: slug, id } = await params
  const payments = billingHref(slug, "payments")
  const viewer = await requireMember(slug, "invoices:view")
  const found = (await mayAskStripe(viewer))
    ? await findInvoiceAddress(pageCtx(), { teamId: viewer.team.id, invoiceId: id })
    : ({ kind: "too_many_attempts" } as const)
  if (found.kind === "none") notFound()
  if (found.kind === "found") redirect(found.url)
  return (
    <Message
      link={{ href: payments, label: "Back to payments" }}
      title="This invoice can’t be shown right now"
    >
      {WHY[found.kind]}
    </Message>
  )
}
