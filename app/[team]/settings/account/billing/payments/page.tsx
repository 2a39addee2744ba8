import { notFound } from "next/navigation"
import { StatementsLinkCard } from "@/components/statements/statements-link-card"
import { hasPool } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { askedPool } from "../asked-pool"
import { Framed } from "../framed"
import { InvoicesSection } from "../invoices-section"
import { PaymentMethods } from "../payment-methods"
import { statementsPath } from "../statements/rows"

export const generateMetadata = teamTitle("Payments", "invoices:view")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

/** About the whole team: the pool in the address only goes along to the other tabs. */
export default async function PaymentsPage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "invoices:view")
  const poolId = askedPool((await searchParams).pool)
  if (poolId && !(await hasPool(pageCtx().db, viewer.team.id, poolId))) notFound()
  return (
    <Framed current="payments" poolId={poolId} viewer={viewer}>
      {can(viewer.member.role, "payment-methods:manage") && <PaymentMethods viewer={viewer} />}
      <InvoicesSection poolId={poolId} viewer={viewer} />
      {can(viewer.member.role, "statements:view") && (
        <StatementsLinkCard href={statementsPath(viewer.team.slug)} />
      )}
    </Framed>
  )
}
