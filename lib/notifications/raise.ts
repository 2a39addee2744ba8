import type { Query, Statement } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { enqueueJobBy } from "@/lib/queue/enqueue"
import type { NotificationData, NotificationType } from "./types"

export type Notice<Type extends NotificationType> = {
  teamId: string
  type: Type
  poolId: string | null
  /** The person it concerns, where that isn't the pool's holder. */
  memberId?: string | null
  /** Identifies the cause. One cause is told once, however often it is raised. */
  cause: string
  data: NotificationData[Type]
  /** The person who caused it in the app just now. Their bell stays silent; mail follows their preferences. */
  actorMemberId?: string
}

const INSERT: Statement = {
  name: "raise_notification",
  text: `INSERT INTO notifications (team_id, type, pool_id, cause, data, created_at, member_id)
    VALUES ($1::uuid, $2, $3::uuid, $4, $5::text::jsonb, $6::timestamptz, $7::uuid)
    ON CONFLICT (team_id, type, cause) DO NOTHING RETURNING id`,
}

const READ_BY_ACTOR: Statement = {
  name: "read_by_actor",
  text: `INSERT INTO notification_reads (team_id, member_id, notification_id, read_at)
    SELECT team_id, id, $3::uuid, $4::timestamptz FROM members WHERE team_id = $1::uuid AND id = $2::uuid`,
}

/**
 * Tells everybody concerned over their chosen channels. It is written in the transaction of its cause, so it is told
 * exactly once, and only if the cause is committed. Returns whether it is news.
 */
export async function raise<Type extends NotificationType>(
  query: Query,
  { teamId, type, poolId, memberId = null, cause, data, actorMemberId }: Notice<Type>,
  now: Date,
): Promise<boolean> {
  const values = [teamId, type, poolId, cause, JSON.stringify(data), now, memberId]
  const [row] = await query<{ id: string }>(INSERT, values)
  if (!row) return false
  if (actorMemberId) await query(READ_BY_ACTOR, [teamId, actorMemberId, row.id, now])
  const payload = { teamId, notificationId: row.id }
  await enqueueJobBy(query, "fan-out-notification", payload, { key: `fan-out-notification:${row.id}` })
  await announce(query, teamId)
  return true
}
