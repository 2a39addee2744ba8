import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { billingHref } from "@/lib/web/billing-tabs"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { TeamReconciliation } from "../team-reconciliation"

export const generateMetadata = teamTitle("Reconciliation", "reconciliation:view")

type Props = { params: Promise<{ team: string }> }

/** The details behind Overview's line. */
export default async function ReconciliationPage({ params }: Props) {
  const viewer = await requireMember((await params).team, "reconciliation:view")
  return (
    <>
      <BackLink href={billingHref(viewer.team.slug, "overview")}>Billing</BackLink>
      <PageHeader
        description="Your payments, refunds and disputes at Stripe, compared with your credits every hour."
        title="Reconciliation"
      />
      <TeamReconciliation viewer={viewer} />
    </>
  )
}
