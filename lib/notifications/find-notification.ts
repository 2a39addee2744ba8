import type { Db, Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import type { NotificationType } from "./types"
import type { Told } from "./words"

export type NotificationRef = { teamId: string; notificationId: string }

export type StoredNotification = {
  teamId: string
  id: string
  type: NotificationType
  poolId: string | null
  memberId: string | null
  data: unknown
  createdAt: Date
}

export async function findNotification(
  db: Db | Tx,
  { teamId, notificationId }: NotificationRef,
): Promise<StoredNotification | null> {
  const row = await db.notification.findUnique({ where: { teamId_id: { teamId, id: notificationId } } })
  return row && { ...row, type: row.type as NotificationType }
}

/** Turns a stored notification into what people read. Its pool gets the public id that addresses use. */
export function toTold({ type, data, poolId }: Pick<StoredNotification, "type" | "data" | "poolId">): Told {
  // `raise` wrote it and knows which data belongs to which type.
  return { type, data, poolId: poolId && toPublicId("pool", poolId) } as Told
}
