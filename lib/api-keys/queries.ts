import type { Db } from "@/lib/db/client"
import { getNames } from "@/lib/teams/names"
import { type ApiKeyScope, toScopes } from "./scopes"

export type ApiKey = {
  id: string
  name: string
  last4: string
  scopes: ApiKeyScope[]
  createdAt: Date
  /** Null when unknown: the key is older than this record, or the person's account is gone. */
  createdBy: { name: string; hasLeft: boolean } | null
  revokedAt: Date | null
}

/** Revoked keys are only a record. The latest are enough to recognise one by. */
const REVOKED_SHOWN = 20

/** Lists the team's keys: the working ones, newest first, then the latest revoked. */
export async function listApiKeys(
  db: Db,
  teamId: string,
): Promise<{ keys: ApiKey[]; activeCount: number; hasMoreRevoked: boolean }> {
  const active = await findKeys(db, { teamId, revokedAt: null })
  const revoked = await findKeys(db, { teamId, revokedAt: { not: null } }, REVOKED_SHOWN + 1)
  const rows = [...active, ...revoked.slice(0, REVOKED_SHOWN)]
  const names = await getNames(db, [
    ...new Set(rows.flatMap(({ createdBy }) => (createdBy ? [createdBy.userId] : []))),
  ])
  const keys = rows.map(({ createdBy, scopes, ...row }) => {
    const name = createdBy && names.get(createdBy.userId)
    return {
      ...row,
      scopes: toScopes(scopes),
      createdBy: createdBy && name ? { name, hasLeft: createdBy.removedAt !== null } : null,
    }
  })
  return { keys, activeCount: active.length, hasMoreRevoked: revoked.length > REVOKED_SHOWN }
}

function findKeys(db: Db, where: { teamId: string; revokedAt: null | { not: null } }, take?: number) {
  return db.apiKey.findMany({
    where,
    select: {
      id: true,
      name: true,
      last4: true,
      scopes: true,
      createdAt: true,
      revokedAt: true,
      createdBy: { select: { userId: true, removedAt: true } },
    },
    orderBy: [{ revokedAt: "desc" }, { createdAt: "desc" }, { id: "desc" }],
    ...(take === undefined ? {} : { take }),
  })
}
