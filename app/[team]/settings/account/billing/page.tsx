import { notFound } from "next/navigation"
import { PageHeader } from "@/components/shell/page-header"
import { choosePool } from "@/lib/billing-page/queries"
import { getCreditsToGive } from "@/lib/credit-requests/queries"
import { fromPublicId } from "@/lib/ids"
import { hasPool } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember, type Viewer } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { InvoicesSection } from "./invoices-section"
import { MemberBilling } from "./member-billing"
import { OpenRequests } from "./open-requests"
import { PaymentMethods } from "./payment-methods"
import { PlanSection } from "./plan-section"
import { TeamBilling } from "./team-billing"
import { TeamReconciliation } from "./team-reconciliation"

export const generateMetadata = teamTitle("Billing", "own-balance:view")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

/** Sent whole, not streamed: everything comes from our own database, and the balance is what people come for. */
export default async function BillingPage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "own-balance:view")
  const { pool } = await searchParams
  const poolId = typeof pool === "string" ? fromPublicId("pool", pool) : null
  if (pool !== undefined && poolId === null) notFound()
  return (
    <>
      <PageHeader title="Billing" trail={["Settings", "Account"]} />
      <div className="flex flex-col gap-6">
        {can(viewer.member.role, "credits:view") ? (
          <Sections poolId={poolId} viewer={viewer} />
        ) : (
          <OwnBalance poolId={poolId} viewer={viewer} />
        )}
      </div>
    </>
  )
}

async function OwnBalance({ viewer, poolId }: { viewer: Viewer; poolId: string | null }) {
  if (poolId && !(await hasPool(pageCtx().db, viewer.team.id, poolId))) notFound()
  return <MemberBilling viewer={viewer} />
}

function Sections({ viewer, poolId }: { viewer: Viewer; poolId: string | null }) {
  const { role } = viewer.member
  return (
    <>
      <PoolSections poolId={poolId} viewer={viewer} />
      {can(role, "payment-methods:manage") && <PaymentMethods viewer={viewer} />}
      {can(role, "invoices:view") && <InvoicesSection poolId={poolId} viewer={viewer} />}
      {can(role, "reconciliation:view") && <TeamReconciliation viewer={viewer} />}
    </>
  )
}

/**
 * The sections about one pool. They are a component of their own, so that the others needn't wait until the pool is
 * known.
 */
async function PoolSections({ viewer, poolId }: { viewer: Viewer; poolId: string | null }) {
  const { db } = pageCtx()
  const chosen = await choosePool(db, viewer, poolId)
  if (!chosen) notFound()
  const toGive = await getCreditsToGive(db, {
    teamId: viewer.team.id,
    memberId: viewer.member.id,
    poolId: chosen.pool.id,
  })
  return (
    <>
      {can(viewer.member.role, "credit-requests:answer") && <OpenRequests toGive={toGive} viewer={viewer} />}
      <TeamBilling chosen={chosen} movableNanos={toGive.shownNanos} viewer={viewer} />
      {can(viewer.member.role, "portal:open") && (
        <PlanSection chosen={chosen} poolId={poolId} viewer={viewer} />
      )}
    </>
  )
}
