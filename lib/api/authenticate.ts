import { parseApiKey } from "@/lib/api-keys/key-text"
import { refusedKeys } from "@/lib/api-keys/refused-keys"
import type { ApiKeyScope } from "@/lib/api-keys/scopes"
import { clock } from "@/lib/clock"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import type { TeamContext, TeamContextKey } from "@/lib/metering/team-context"
import { ApiKeyEndedError, UnauthenticatedError } from "./errors"
import { keyUses, metering } from "./metering"
import { apiLimits } from "./rate-limit"

/** The caller: a team's key that has the scope. */
export type Caller = {
  teamId: string
  apiKeyId: string
  /** The team as this process remembers it, or as it is now if the route asked for that. */
  team: TeamContext
  /** Throws if the key no longer belongs to the team or lacks the scope. */
  authorise: (team: TeamContext) => void
  /** Returns the team as it is now, read once a request. Throws if the key is no longer one of its keys. */
  currentTeam: () => Promise<TeamContext>
}

type Asked = { address: string; scope: ApiKeyScope; team: "remembered" | "now" }

/**
 * Returns the caller, and headers with the requests left. Requests beyond a limit are refused before the database is
 * asked: by address, by key if it is good, and by address again for keys that don't exist.
 */
export async function admit(
  request: Request,
  asked: Asked,
): Promise<{ caller: Caller; limit: Record<string, string> }> {
  const now = clock.now().getTime()
  const { addresses, keys, unknownKeys } = apiLimits()
  addresses.take(asked.address, now)
  const presented = presentedKey(request)
  const { keyHash } = presented
  if (refusedKeys().has(keyHash, now)) throw new UnauthenticatedError()
  const known = keys.has(keyHash) ? keys.take(keyHash, now) : null
  if (!known) unknownKeys.requireLeft(asked.address, now)
  try {
    const caller = await authenticate(presented, asked)
    keyUses().note(caller, now)
    return { caller, limit: keys.headers(known ?? keys.take(keyHash, now), now) }
  } catch (error) {
    if (error instanceof UnauthenticatedError) {
      refusedKeys().add(keyHash, now)
      unknownKeys.count(asked.address, now)
    }
    throw error
  }
}

/**
 * This process's memory of the team will do for a spend, because the spend itself finds out whether it still holds.
 * Everything else must ask for the team as it is `now`.
 */
async function authenticate(
  { teamId, keyHash }: PresentedKey,
  { scope, team: wanted }: Asked,
): Promise<Caller> {
  const authorise = (team: TeamContext) => void requireKey(team, keyHash, scope)
  const readCurrent = async () => {
    const team = await metering().contexts.current(teamId).catch(nullIfNotFound)
    if (!team) throw new UnauthenticatedError()
    authorise(team)
    return team
  }
  let reading: Promise<TeamContext> | undefined
  const currentTeam = () => (reading ??= readCurrent())
  const remembered =
    wanted === "remembered" ? await metering().contexts.get(teamId).catch(nullIfNotFound) : null
  const team = remembered && isDecided(remembered, keyHash, scope) ? remembered : await currentTeam()
  return { teamId, apiKeyId: requireKey(team, keyHash, scope).id, team, authorise, currentTeam }
}

type PresentedKey = { teamId: string; keyHash: string }

function presentedKey(request: Request): PresentedKey {
  const text = /^bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
  const presented = text === undefined ? null : parseApiKey(text)
  if (!presented) throw new UnauthenticatedError()
  return presented
}

/** Whether it can be decided from memory: the key has the scope, or has ended, which no later version changes. */
function isDecided(team: TeamContext, keyHash: string, scope: ApiKeyScope): boolean {
  const key = team.keys.get(keyHash)
  return key !== undefined && (key.scopes.includes(scope) || hasEnded(key))
}

function hasEnded({ endsAt }: TeamContextKey): boolean {
  return endsAt !== null && endsAt <= clock.now()
}

function requireKey(team: TeamContext, keyHash: string, scope: ApiKeyScope) {
  const key = team.keys.get(keyHash)
  if (!key) throw new UnauthenticatedError()
  if (key.endsAt && hasEnded(key)) throw new ApiKeyEndedError(key.endsAt, key.isReplaced)
  if (!key.scopes.includes(scope)) throw new ForbiddenError(`This API key lacks the scope ${scope}.`)
  return key
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof NotFoundError) return null
  throw error
}
