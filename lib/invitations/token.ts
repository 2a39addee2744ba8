import { sign } from "@/lib/auth/sign"
import { hashToken } from "@/lib/auth/token"
import { fromPublicId, toPublicId } from "@/lib/ids"

/** `inv_`, the part after `team_` in the team's public id, and 256 bits that only we can make. */
const TOKEN_TEXT = /^inv_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/

type Mailed = { teamId: string; id: string; mails: number }

/**
 * Returns the token of an invitation's mail. It is made anew when the mail is written, so that no job has to carry it,
 * and the database keeps only its hash.
 */
export function invitationToken({ teamId, id, mails }: Mailed): string {
  return `inv_${toPublicId("team", teamId).slice("team_".length)}_${sign("invitation", `${teamId}.${id}.${mails}`)}`
}

export const invitationTokenHash = (mailed: Mailed): string => hashToken(invitationToken(mailed))

/** Returns where to look for a token. Null if the text can't be one. */
export function parseInvitationToken(text: string): { teamId: string; tokenHash: string } | null {
  const suffix = TOKEN_TEXT.exec(text)?.[1]
  const teamId = suffix === undefined ? null : fromPublicId("team", `team_${suffix}`)
  return teamId === null ? null : { teamId, tokenHash: hashToken(text) }
}
