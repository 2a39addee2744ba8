import { notFound } from "next/navigation"
import { AutoTopUpHistory } from "@/components/auto-top-up/auto-top-up-history"
import { getTopUpHistory } from "@/lib/auto-top-up/queries"
import { choosePool } from "@/lib/billing-page/queries"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"

export const generateMetadata = teamTitle("Auto top-up history", "credits:view")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

export default async function AutoTopUpRoute({ params, searchParams }: Props) {
  const { team: slug } = await params
  const billing = `/${slug}/settings/account/billing`
  const viewer = await requireMember(slug, "credits:view")
  const { pool: asked } = await searchParams
  const { db, now } = pageCtx()
  const poolId = typeof asked === "string" ? fromPublicId("pool", asked) : null
  const chosen = asked === undefined || poolId ? await choosePool(db, viewer, poolId) : null
  if (!chosen) notFound()
  const { pool, pools } = chosen
  const { decisions, changes } = await getTopUpHistory(db, { teamId: viewer.team.id, poolId: pool.id })
  return (
    <AutoTopUpHistory
      backHref={`${billing}?pool=${toPublicId("pool", pool.id)}`}
      changes={changes.map(({ id, by, isCap, before, after, changedAt }) => ({
        id,
        by,
        isCap,
        before: isObject(before) ? before : null,
        after: isObject(after) ? after : {},
        changedAt: changedAt.toISOString(),
      }))}
      decisions={decisions.map(
        ({ id, reason, balanceNanos, amountNanos, decidedAt, lastDecidedAt, times, outcome }) => ({
          id,
          reason,
          balanceNanos,
          amountNanos,
          decidedAt: decidedAt.toISOString(),
          lastDecidedAt: lastDecidedAt.toISOString(),
          times,
          outcome,
        }),
      )}
      now={await readersNow(now)}
      poolName={pools.length > 1 ? (pool.holder?.name ?? "Team") : null}
    />
  )
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
