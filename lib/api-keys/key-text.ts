import { hashToken, newToken } from "@/lib/auth/token"
import { fromPublicId, toPublicId } from "@/lib/ids"

/** `ck_`, the part after `team_` in the team's public id, and 256 random bits. */
const KEY_TEXT = /^ck_([0-9a-z]{26})_[A-Za-z0-9_-]{43}$/

/** Returns the text of a new key of the team. It is shown once; only its hash is kept. */
export function newApiKey(teamId: string): string {
  return `ck_${toPublicId("team", teamId).slice("team_".length)}_${newToken()}`
}

/**
 * Returns where to look for a caller's key, or null if the text can't be one. The team in the text is only a claim;
 * the row under both values proves it.
 */
export function parseApiKey(text: string): { teamId: string; keyHash: string } | null {
  const suffix = KEY_TEXT.exec(text)?.[1]
  const teamId = suffix === undefined ? null : fromPublicId("team", `team_${suffix}`)
  return teamId === null ? null : { teamId, keyHash: hashToken(text) }
}
