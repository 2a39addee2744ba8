import type { Db } from "@/lib/db/client"
import { getMemberNames } from "@/lib/teams/names"

/** The names of those who used something, learned as they come up. */
export type Names = {
  learn: (usage: { memberId: string | null; apiKeyId: string | null }[]) => Promise<void>
  member: (id: string) => string
  apiKey: (id: string) => string
}

/** Whoever is gone is called so, and a name stays the same within one export. */
export function namesOf(db: Db, teamId: string): Names {
  const members = new Map<string, string>()
  const keys = new Map<string, string>()
  return {
    async learn(usage) {
      const memberIds = unknownOf(
        members,
        usage.map(({ memberId }) => memberId),
      )
      const keyIds = unknownOf(
        keys,
        usage.map(({ apiKeyId }) => apiKeyId),
      )
      if (memberIds.length > 0) {
        const found = await getMemberNames(db, teamId, memberIds)
        for (const id of memberIds) members.set(id, found.get(id) ?? "Former member")
      }
      if (keyIds.length > 0) {
        const found = await db.apiKey.findMany({
          where: { teamId, id: { in: keyIds } },
          select: { id: true, name: true },
        })
        const byId = new Map(found.map(({ id, name }) => [id, name]))
        for (const id of keyIds) keys.set(id, byId.get(id) ?? "Former API key")
      }
    },
    member: (id) => members.get(id) ?? "Former member",
    apiKey: (id) => keys.get(id) ?? "Former API key",
  }
}

function unknownOf(known: Map<string, string>, ids: (string | null)[]): string[] {
  return [...new Set(ids)].filter((id): id is string => id !== null && !known.has(id))
}
