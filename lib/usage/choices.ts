import type { Db } from "@/lib/db/client"

type Choice = { id: string; name: string }

/** By what a reader may narrow usage, and what the team lets Members see. */
export type UsageChoices = {
  members: Choice[]
  keys: Choice[]
  pools: Choice[]
  consumables: string[]
  triggers: string[]
  membersSeeCosts: boolean
}

/** A list to choose from must stay readable. */
const MOST = 200

/**
 * Reads what has been used, as far as the reader sees it: `onlyMemberId` is the one member whose usage it is, null for
 * everybody’s. What the address chose is among the choices if it is the team’s. One statement.
 */
export async function getUsageChoices(
  db: Db,
  teamId: string,
  onlyMemberId: string | null,
  chosen: { memberId?: string | null; apiKeyId?: string | null; poolId?: string },
): Promise<UsageChoices> {
  const [row] = await db.$queryRaw<UsageChoices[]>`
    WITH used AS MATERIALIZED (
      SELECT DISTINCT m.member_id, m.api_key_id, m.consumable, m.trigger FROM meters m
      WHERE m.team_id = ${teamId}::uuid AND (${onlyMemberId}::uuid IS NULL OR m.member_id = ${onlyMemberId}::uuid)
    ), people AS (
      SELECT m.id, coalesce(u.name, u.email, 'Former member') AS name
      FROM members m LEFT JOIN users u ON u.id = m.user_id WHERE m.team_id = ${teamId}::uuid
    )
    SELECT t.members_see_costs AS "membersSeeCosts", (
      SELECT coalesce(json_agg(x ORDER BY lower(x.name), x.id), '[]') FROM (
        SELECT p.id, p.name FROM people p
        WHERE ${onlyMemberId}::uuid IS NULL
          AND (p.id IN (SELECT member_id FROM used) OR p.id = ${chosen.memberId ?? null}::uuid)
        ORDER BY p.id = ${chosen.memberId ?? null}::uuid DESC NULLS LAST, lower(p.name), p.id LIMIT ${MOST}
      ) x
    ) AS members, (
      SELECT coalesce(json_agg(x ORDER BY lower(x.name), x.id), '[]') FROM (
        SELECT k.id, k.name FROM api_keys k
        WHERE k.team_id = t.id AND ${onlyMemberId}::uuid IS NULL
          AND (k.id IN (SELECT api_key_id FROM used) OR k.id = ${chosen.apiKeyId ?? null}::uuid)
        ORDER BY k.id = ${chosen.apiKeyId ?? null}::uuid DESC NULLS LAST, lower(k.name), k.id LIMIT ${MOST}
      ) x
    ) AS keys, (
      SELECT coalesce(json_agg(x ORDER BY lower(x.name), x.id), '[]') FROM (
        SELECT p.id, CASE WHEN p.member_id IS NULL THEN 'Team' ELSE h.name END AS name
        FROM pools p LEFT JOIN people h ON h.id = p.member_id
        WHERE p.team_id = t.id AND (${onlyMemberId}::uuid IS NULL OR p.id = ${chosen.poolId ?? null}::uuid)
        ORDER BY p.id = ${chosen.poolId ?? null}::uuid DESC NULLS LAST, lower(h.name), p.id LIMIT ${MOST}
      ) x
    ) AS pools, (
      SELECT coalesce(json_agg(DISTINCT consumable), '[]') FROM used
    ) AS consumables, (
      SELECT coalesce(json_agg(DISTINCT trigger), '[]') FROM used
    ) AS triggers
    FROM teams t WHERE t.id = ${teamId}::uuid`
  if (!row) throw new Error("The reader's team is there")
  return row
}
