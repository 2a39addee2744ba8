import { notFound } from "next/navigation"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { hasPool } from "@/lib/pools/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { askedPool } from "../asked-pool"
import { Framed } from "../framed"

export const generateMetadata = teamTitle("Usage", "own-balance:view")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

export default async function UsagePage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "own-balance:view")
  const poolId = askedPool((await searchParams).pool)
  if (poolId && !(await hasPool(pageCtx().db, viewer.team.id, poolId))) notFound()
  return (
    <Framed current="usage" poolId={poolId} viewer={viewer}>
      <Card labelledBy="usage-title">
        <CardHeader>
          <CardTitle id="usage-title">Usage</CardTitle>
        </CardHeader>
        <CardSection>
          <EmptyState title="Usage is read through the API">
            GET /usage groups it by day, consumable, member and key.
          </EmptyState>
        </CardSection>
      </Card>
    </Framed>
  )
}
