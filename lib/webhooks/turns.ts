import type { Db, Tx } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { type EndpointRef, enqueueDelivery } from "./store"

/**
 * How many endpoints of one team are served at once, by all processes together. Other teams' events never wait for
 * more of them.
 */
export const TURNS_OF_A_TEAM = 3

export type Turn = EndpointRef & { turnId: string }

/**
 * Takes a turn for an endpoint, or returns when to ask again: when the first of the turns taken ends by itself.
 * Ending a turn earlier wakes those that wait.
 */
export async function takeTurn(
  db: Db,
  ref: EndpointRef,
  now: Date,
  endsAt: Date,
): Promise<{ turn: Turn } | { askAgainAt: Date }> {
  const turnId = newId()
  const [row] = await db.$queryRaw<{ askAgainAt: Date | null }[]>`
    SELECT take_webhook_turn(${ref.teamId}::uuid, ${ref.endpointId}::uuid, ${turnId}::uuid, ${now}, ${endsAt},
      ${TURNS_OF_A_TEAM}::integer) AS "askAgainAt"`
  return row?.askAgainAt ? { askAgainAt: row.askAgainAt } : { turn: { ...ref, turnId } }
}

/** Extends a turn. One that has ended meanwhile stays ended. */
export async function keepTurn(db: Db, { teamId, endpointId, turnId }: Turn, endsAt: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE webhook_turns SET ends_at = ${endsAt}
    WHERE team_id = ${teamId}::uuid AND endpoint_id = ${endpointId}::uuid AND id = ${turnId}::uuid`
}

/** Ends a turn, and serves next the team's endpoints that have waited longest. */
export async function endTurn(tx: Tx, { teamId, endpointId, turnId }: Turn, now: Date): Promise<void> {
  // An endpoint that is refused at this moment was either refused before and is found below, or finds the turn free.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('webhook-turns:' || ${teamId}, 0))`
  await tx.$executeRaw`
    DELETE FROM webhook_turns
    WHERE team_id = ${teamId}::uuid AND endpoint_id = ${endpointId}::uuid AND id = ${turnId}::uuid`
  const next = await tx.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM webhook_endpoints e CROSS JOIN LATERAL (
      SELECT next_try_at FROM webhook_deliveries d
      WHERE d.team_id = e.team_id AND d.endpoint_id = e.id AND d.status = 'waiting' AND d.next_try_at <= ${now}
        AND (d.claimed_until IS NULL OR d.claimed_until <= ${now})
      ORDER BY d.next_try_at LIMIT 1
    ) due
    WHERE e.team_id = ${teamId}::uuid AND e.id <> ${endpointId}::uuid AND e.deleted_at IS NULL AND e.disabled_reason IS NULL
      AND (e.resting_until IS NULL OR e.resting_until <= ${now})
      AND NOT EXISTS (SELECT 1 FROM webhook_turns t WHERE t.team_id = e.team_id AND t.endpoint_id = e.id)
    ORDER BY due.next_try_at, e.id
    LIMIT greatest(0, ${TURNS_OF_A_TEAM}::integer - (SELECT count(*) FROM webhook_turns WHERE team_id = ${teamId}::uuid))`
  // In the order in which a notification enqueues them, so that the two don't deadlock.
  for (const id of next.map((each) => each.id).sort()) await enqueueDelivery(tx, { teamId, endpointId: id })
}
