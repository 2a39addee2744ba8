import type { Tx } from "@/lib/db/client"

/** Whether the team's limits hold exactly what its open holds set aside under them. */
export async function checkLimits(tx: Tx, { teamId }: { teamId: string }): Promise<boolean> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    SELECT count(*) AS wrong FROM spend_limits l
    WHERE l.team_id = ${teamId}::uuid AND l.held_nanos <> (
      SELECT coalesce(sum(h.left_nanos), 0) FROM holds h
      WHERE h.team_id = l.team_id AND h.status = 'open' AND l.id = ANY (h.limit_ids))`
  return wrong === 0n
}
