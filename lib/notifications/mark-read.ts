import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { listVisible } from "./queries"

/** Larger than any count the bell shows. */
const MOST = 1_000

/**
 * Marks the given notifications as read, or all that the member can see. Leaves other people's notifications, and
 * read ones, alone.
 */
export async function markRead(
  { db, now }: { db: Db; now: Date },
  teamId: string,
  member: { id: string; role: Role },
  ids: string[] | "all",
): Promise<void> {
  const visible = await listVisible(db, teamId, member, now, MOST)
  const read = visible.filter(({ id, isRead }) => !isRead && (ids === "all" || ids.includes(id)))
  await db.notificationRead.createMany({
    data: read.map(({ id }) => ({ teamId, memberId: member.id, notificationId: id, readAt: now })),
    skipDuplicates: true,
  })
}
