import type { Db, Tx } from "@/lib/db/client"

export type TeamSettings = {
  name: string
  slug: string
  /** Null: UTC. */
  timeZone: string | null
  lowBalanceThresholdNanos: bigint
  /** Whether Members see what their own usage costs. */
  membersSeeCosts: boolean
}

/** Returns what a team has settled about itself. */
export async function getTeamSettings(db: Db, teamId: string): Promise<TeamSettings> {
  return db.team.findUniqueOrThrow({
    where: { id: teamId },
    select: { name: true, slug: true, timeZone: true, lowBalanceThresholdNanos: true, membersSeeCosts: true },
  })
}

export type TeamRemains = {
  /** The bought and given credits of all pools, less debt. */
  creditsNanos: bigint
  members: number
  /** Purchases and top-ups whose outcome isn't known yet. */
  openPurchases: number
  openHolds: number
  hasPlan: boolean
}

/** Returns what a team would leave behind, and the money that is in flight. */
export async function getRemains(
  { db, now }: { db: Db | Tx; now: Date },
  teamId: string,
): Promise<TeamRemains> {
  const [row] = await db.$queryRaw<TeamRemains[]>`
    SELECT
      (SELECT coalesce(sum(credits_nanos), 0)::bigint FROM pools WHERE team_id = ${teamId}::uuid) AS "creditsNanos",
      (SELECT count(*)::integer FROM members WHERE team_id = ${teamId}::uuid AND removed_at IS NULL) AS members,
      (SELECT count(*)::integer FROM purchases
        WHERE team_id = ${teamId}::uuid AND status IN ('created', 'open', 'processing')) +
      (SELECT count(*)::integer FROM subscription_checkouts
        WHERE team_id = ${teamId}::uuid AND ended_at IS NULL AND expires_at > ${now}) AS "openPurchases",
      (SELECT count(*)::integer FROM holds WHERE team_id = ${teamId}::uuid AND status = 'open') AS "openHolds",
      EXISTS (SELECT 1 FROM subscriptions
        WHERE team_id = ${teamId}::uuid AND (status NOT IN ('canceled', 'incomplete_expired') OR others_live > 0)) AS "hasPlan"`
  if (!row) throw new Error("A statement without FROM has a row")
  return row
}
