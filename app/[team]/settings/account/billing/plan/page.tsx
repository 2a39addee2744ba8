import { notFound } from "next/navigation"
import { choosePool } from "@/lib/billing-page/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { askedPool } from "../asked-pool"
import { Framed } from "../framed"
import { PlanSection } from "../plan-section"
import { RatesSection } from "./rates-section"

export const generateMetadata = teamTitle("Plan", "plan:view")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

export default async function PlanPage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "plan:view")
  const poolId = askedPool((await searchParams).pool)
  const chosen = await choosePool(pageCtx().db, viewer, poolId)
  if (!chosen) notFound()
  return (
    <Framed current="plan" poolId={poolId} viewer={viewer}>
      <PlanSection chosen={chosen} poolId={poolId} viewer={viewer} />
      <RatesSection viewer={viewer} />
    </Framed>
  )
}
