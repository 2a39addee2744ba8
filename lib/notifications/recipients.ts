import type { Db, Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { type Channel, isOn, isTold, type NotificationType } from "./types"

export type Recipient = { memberId: string; email: string; role: Role }

type Told = { teamId: string; type: NotificationType; poolId: string | null }

/** Lists who is told over this channel now: by role, by whose pool it is, and by preference. */
export async function listRecipients(
  db: Db | Tx,
  { teamId, type, poolId }: Told,
  channel: Channel,
): Promise<Recipient[]> {
  const members = await db.$queryRaw<
    { memberId: string; email: string; role: Role; isHolder: boolean; preference: boolean | null }[]
  >`
    SELECT m.id AS "memberId", u.email, m.role::text, p.id IS NOT NULL AS "isHolder", c.enabled AS preference
    FROM members m JOIN users u ON u.id = m.user_id JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    LEFT JOIN pools p ON p.team_id = m.team_id AND p.member_id = m.id AND p.id = ${poolId}::uuid
    LEFT JOIN notification_preferences c ON c.team_id = m.team_id AND c.member_id = m.id AND c.type = ${type} AND c.channel = ${channel}
    WHERE m.team_id = ${teamId}::uuid AND m.removed_at IS NULL ORDER BY m.created_at, m.id`
  return members.filter(
    ({ role, isHolder, preference }) =>
      isTold(type, role, isHolder) && isOn(type, channel, preference ?? undefined),
  )
}
