import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { getPoolNames } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { toTold } from "./find-notification"
import {
  CHANNELS,
  type Channel,
  isOn,
  isTold,
  mayBeTold,
  NOTIFICATION_TYPES,
  type NotificationType,
} from "./types"
import { inWords, type Words } from "./words"

/** How long notifications are shown. */
const SHOWN_MS = 90 * DAY_MS
const SHOWN = 30
/** Unread counts from here on show as `99+`. */
const COUNTED = 100

export type InboxItem = Words & { id: string; type: NotificationType; createdAt: Date; isRead: boolean }
export type Inbox = { unread: number; items: InboxItem[] }

type Reader = { id: string; role: Role }

/**
 * Returns what the bell of a member shows, newest first: everything for their present role since they joined, less
 * what they have silenced.
 */
export async function getInbox(db: Db, teamId: string, member: Reader, now: Date): Promise<Inbox> {
  const visible = await listVisible(db, teamId, member, now, COUNTED)
  const shown = visible.slice(0, SHOWN)
  const names = await getPoolNames(
    db,
    teamId,
    shown.flatMap(({ poolId }) => poolId ?? []),
  )
  const canBuy = can(member.role, "credits:purchase")
  return {
    unread: visible.filter(({ isRead }) => !isRead).length,
    items: shown.map((row) => ({
      ...inWords(toTold(row), {
        poolName: names.get(row.poolId ?? "") ?? null,
        canBuy,
        isConcerned: row.isConcerned,
      }),
      id: row.id,
      type: row.type,
      createdAt: row.createdAt,
      isRead: row.isRead,
    })),
  }
}

type Visible = {
  id: string
  type: NotificationType
  poolId: string | null
  data: unknown
  createdAt: Date
  isRead: boolean
  /** Whether it is the reader whom it concerns. */
  isConcerned: boolean
}

/** Returns the newest notifications that a member may see, up to a limit. */
export async function listVisible(
  db: Db,
  teamId: string,
  member: Reader,
  now: Date,
  limit: number,
): Promise<Visible[]> {
  const told = (isConcerned: boolean) =>
    NOTIFICATION_TYPES.filter((type) => isTold(type, member.role, isConcerned))
  const shown = (preference: boolean | undefined) =>
    NOTIFICATION_TYPES.filter((type) => isOn(type, "in_app", preference))
  return db.$queryRaw<Visible[]>`
    SELECT n.id, n.type, n.pool_id AS "poolId", n.data, n.created_at AS "createdAt", r.read_at IS NOT NULL AS "isRead",
      c.is_concerned AS "isConcerned"
    FROM notifications n
    JOIN members m ON m.team_id = n.team_id AND m.id = ${member.id}::uuid AND m.removed_at IS NULL
    LEFT JOIN pools p ON p.team_id = n.team_id AND p.id = n.pool_id
    CROSS JOIN LATERAL (SELECT coalesce(n.member_id, p.member_id) IS NOT DISTINCT FROM m.id AS is_concerned) c
    LEFT JOIN notification_reads r ON r.team_id = n.team_id AND r.notification_id = n.id AND r.member_id = m.id
    LEFT JOIN notification_preferences f
      ON f.team_id = n.team_id AND f.member_id = m.id AND f.type = n.type AND f.channel = 'in_app'
    WHERE n.team_id = ${teamId}::uuid AND n.created_at >= greatest(m.joined_at, ${new Date(now.getTime() - SHOWN_MS)}::timestamptz)
      AND n.type = ANY(CASE WHEN c.is_concerned THEN ${told(true)}::text[] ELSE ${told(false)}::text[] END)
      AND CASE f.enabled WHEN true THEN n.type = ANY(${shown(true)}::text[])
        WHEN false THEN n.type = ANY(${shown(false)}::text[]) ELSE n.type = ANY(${shown(undefined)}::text[]) END
    ORDER BY n.created_at DESC, n.id DESC LIMIT ${limit}`
}

export type Preference = { type: NotificationType; channels: Record<Channel, boolean> }

/** Lists the notifications that a member may get, with the channels that are on. */
export async function listPreferences(db: Db, teamId: string, member: Reader): Promise<Preference[]> {
  const preferences = await readPreferences(db, teamId, member.id)
  const on = (type: NotificationType, channel: Channel) =>
    isOn(type, channel, preferences.get(keyOf(type, channel)))
  return NOTIFICATION_TYPES.filter((type) => mayBeTold(type, member.role)).map((type) => ({
    type,
    channels: { in_app: on(type, "in_app"), email: on(type, "email") },
  }))
}

const keyOf = (type: string, channel: string) => `${type} ${channel}`

async function readPreferences(db: Db, teamId: string, memberId: string): Promise<Map<string, boolean>> {
  const rows = await db.notificationPreference.findMany({
    where: { teamId, memberId, channel: { in: [...CHANNELS] } },
  })
  return new Map(rows.map(({ type, channel, enabled }) => [keyOf(type, channel), enabled]))
}
