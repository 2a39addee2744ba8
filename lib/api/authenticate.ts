import { parseApiKey } from "@/lib/api-keys/key-text"
import type { ApiKeyScope } from "@/lib/api-keys/scopes"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import { metering } from "@/lib/metering/metering"
import type { TeamContext } from "@/lib/metering/team-context"
import { UnauthenticatedError } from "./errors"

/** Who asks: a key of a team that has the scope. */
export type Caller = {
  teamId: string
  apiKeyId: string
  /** The team as this process knows it; as it is now if the route asked for that. */
  team: TeamContext
  /** Throws if the key isn't one of this team's any more, or lacks the scope. */
  authorise: (team: TeamContext) => void
  /** The team as it is now, asked for once a request. Throws if the key isn't one of its keys any more. */
  currentTeam: () => Promise<TeamContext>
}

/**
 * The key that the request carries. What this process remembers of the team is good enough for a spend, because the spend
 * itself finds out whether it still holds; everything else must ask for the team as it is `now`.
 */
export async function authenticate(
  request: Request,
  scope: ApiKeyScope,
  known: "remembered" | "now",
): Promise<Caller> {
  const { teamId, keyHash } = presentedKey(request)
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
    known === "remembered" ? await metering().contexts.get(teamId).catch(nullIfNotFound) : null
  const team = remembered && isGood(remembered, keyHash, scope) ? remembered : await currentTeam()
  return { teamId, apiKeyId: requireKey(team, keyHash, scope).id, team, authorise, currentTeam }
}

function presentedKey(request: Request): { teamId: string; keyHash: string } {
  const text = /^bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
  const presented = text === undefined ? null : parseApiKey(text)
  if (!presented) throw new UnauthenticatedError()
  return presented
}

function isGood(team: TeamContext, keyHash: string, scope: ApiKeyScope): boolean {
  return team.keys.get(keyHash)?.scopes.includes(scope) ?? false
}

function requireKey(team: TeamContext, keyHash: string, scope: ApiKeyScope) {
  const key = team.keys.get(keyHash)
  if (!key) throw new UnauthenticatedError()
  if (!key.scopes.includes(scope)) throw new ForbiddenError(`This API key lacks the scope ${scope}.`)
  return key
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof NotFoundError) return null
  throw error
}
