import type { Db, Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { type Channel, isOn, isTold, type NotificationType } from "./types"

export type Recipient = { memberId: string; email: string; role: Role; isConcerned: boolean }

type Told = { teamId: string; type: NotificationType; poolId: string | null; memberId: string | null }

/** Lists who is told over this channel now: by role, by whom it concerns, and by preference. */
export async function listRecipients(
  db: Db | Tx,
  { teamId, type, poolId, memberId }: Told,
  channel: Channel,
): Promise<Recipient[]> {
  const members = await db.$queryRaw<(Recipient & { preference: boolean | null })[]>`
    SELECT m.id AS "memberId", u.email, m.role::text, c.enabled AS preference,
      coalesce(${memberId}::uuid, p.member_id) IS NOT DISTINCT FROM m.id AS "isConcerned"
    FROM members m JOIN users u ON u.id = m.user_id JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    LEFT JOIN pools p ON p.team_id = m.team_id AND p.id = ${poolId}::uuid
    LEFT JOIN notification_preferences c ON c.team_id = m.team_id AND c.member_id = m.id AND c.type = ${type} AND c.channel = ${channel}
    WHERE m.team_id = ${teamId}::uuid AND m.removed_at IS NULL ORDER BY m.created_at, m.id`
  return members.filter(
    ({ role, isConcerned, preference }) =>
      isTold(type, role, isConcerned) && isOn(type, channel, preference ?? undefined),
  )
}
