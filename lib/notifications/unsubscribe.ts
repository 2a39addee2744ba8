import { timingSafeEqual } from "node:crypto"
import { sign } from "@/lib/auth/sign"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { savePreference } from "./save-preferences"
import { NOTIFICATIONS, type NotificationType } from "./types"

export type Unsubscription = { teamId: string; memberId: string; type: NotificationType }

/**
 * Signs who stops being mailed about what, for the link in a mail. The token works without signing in, and only for
 * this.
 */
export function unsubscribeToken({ teamId, memberId, type }: Unsubscription): string {
  const said = `${teamId}.${memberId}.${type}`
  return `${said}.${sign("unsubscribe", said)}`
}

/** Null for anything we didn't sign, and for notifications that can't be silenced. */
export function readUnsubscribeToken(token: string): Unsubscription | null {
  const [teamId = "", memberId = "", type = "", signature = "", ...more] = token.split(".")
  if (more.length > 0 || !isSilenceable(type)) return null
  const expected = Buffer.from(sign("unsubscribe", `${teamId}.${memberId}.${type}`))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return { teamId, memberId, type }
}

/** Stops mails of this kind to this person. Repeating it changes nothing. */
export async function unsubscribe(
  { db, now }: { db: Db; now: Date },
  { teamId, memberId, type }: Unsubscription,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await savePreference(tx, { teamId, memberId }, { type, channel: "email", enabled: false }, now)
    await announce(queryIn(tx), teamId)
  })
}

function isSilenceable(type: string): type is NotificationType {
  return Object.hasOwn(NOTIFICATIONS, type) && NOTIFICATIONS[type as NotificationType].canBeSilenced
}
