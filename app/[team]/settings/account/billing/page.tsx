import { notFound } from "next/navigation"
import { choosePool, getOverview } from "@/lib/billing-page/queries"
import { hasPool } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember, type Viewer } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { askedPool } from "./asked-pool"
import { type ShownDays, shownDays } from "./balance-over-time"
import { Framed } from "./framed"
import { MemberBilling } from "./member-billing"
import { OpenRequests } from "./open-requests"
import { ReconciliationNote } from "./reconciliation-note"
import { TeamBilling } from "./team-billing"
import { WhereItWent } from "./where-it-went"

export const generateMetadata = teamTitle("Billing", "own-balance:view")

type Props = {
  params: Promise<{ team: string }>
  searchParams: Promise<Record<"pool" | "days", string | string[] | undefined>>
}

/** Sent whole, not streamed: everything comes from our own database, and the balance is what people come for. */
export default async function BillingPage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "own-balance:view")
  const asked = await searchParams
  const poolId = askedPool(asked.pool)
  const shown = shownDays(asked.days)
  return (
    <Framed current="overview" poolId={poolId} viewer={viewer}>
      {can(viewer.member.role, "credits:view") ? (
        <TeamOverview poolId={poolId} shown={shown} viewer={viewer} />
      ) : (
        <OwnBalance poolId={poolId} shown={shown} viewer={viewer} />
      )}
    </Framed>
  )
}

type SectionProps = { viewer: Viewer; poolId: string | null; shown: ShownDays }

async function OwnBalance({ viewer, poolId, shown }: SectionProps) {
  if (poolId && !(await hasPool(pageCtx().db, viewer.team.id, poolId))) notFound()
  return <MemberBilling shown={shown} viewer={viewer} />
}

async function TeamOverview({ viewer, poolId, shown }: SectionProps) {
  const { db, now } = pageCtx()
  const chosen = await choosePool(db, viewer, poolId)
  if (!chosen) notFound()
  const overview = await getOverview(db, viewer, chosen.pool, now)
  const { toGive, monthSpend, reconciliation } = overview
  return (
    <>
      {can(viewer.member.role, "credit-requests:answer") && <OpenRequests toGive={toGive} viewer={viewer} />}
      <TeamBilling chosen={chosen} overview={overview} shown={shown} viewer={viewer} />
      <WhereItWent spent={monthSpend} teamSlug={viewer.team.slug} />
      {reconciliation && <ReconciliationNote state={reconciliation} viewer={viewer} />}
    </>
  )
}
