import type { Db, Tx } from "@/lib/db/client"
import type { Channel, NotificationType } from "./types"

type MemberRef = { teamId: string; memberId: string }
export type Choice = { type: NotificationType; channel: Channel; enabled: boolean }

/** Saves a person's choice for one kind of notification on one channel. */
export async function savePreference(
  tx: Tx | Db,
  { teamId, memberId }: MemberRef,
  { type, channel, enabled }: Choice,
  now: Date,
): Promise<void> {
  await tx.notificationPreference.upsert({
    where: { teamId_memberId_type_channel: { teamId, memberId, type, channel } },
    create: { teamId, memberId, type, channel, enabled, updatedAt: now },
    update: { enabled, updatedAt: now },
  })
}
