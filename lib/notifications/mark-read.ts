import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { listVisible } from "./queries"

/** More than the bell counts. */
const MOST = 1_000

/** Marks what somebody has read, or all that they can see. Of others' notifications, and read ones, nothing changes. */
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
