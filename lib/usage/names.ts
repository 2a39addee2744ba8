import { consumableName } from "@/lib/catalog/catalog"
import type { Db } from "@/lib/db/client"
import { fromPublicId } from "@/lib/ids"
import { getMemberNames } from "@/lib/teams/names"
import type { UsageGroup } from "./filter"

const TRIGGER_NAMES: Record<string, string> = {
  user: "A person",
  api_key: "An API key",
  schedule: "A schedule",
  integration: "An integration",
}

/** Returns what caused usage, in words. Any other text stays as it is. */
export function triggerName(code: string): string {
  return TRIGGER_NAMES[code] ?? code
}

const NONE: Record<UsageGroup, string> = {
  consumable: "Other",
  member: "No member",
  api_key: "No API key",
  trigger: "Other",
  run: "No run",
  model: "No model",
}

/**
 * Returns a function that names groups by their keys: people, keys and runs as they are called today, and a "Former
 * member" where an account is gone. The key null is what names none, the empty one what is counted together.
 */
export async function nameGroups(
  db: Db,
  teamId: string,
  groupBy: UsageGroup,
  keys: (string | null)[],
): Promise<(key: string | null) => string> {
  const names = await readNames(
    db,
    teamId,
    groupBy,
    keys.filter((key) => key !== null && key !== "") as string[],
  )
  return (key) => {
    if (key === null) return NONE[groupBy]
    if (key === "") return "Other"
    return names.get(key) ?? MISSING[groupBy]?.(key) ?? key
  }
}

/** Rows that are gone. A run or model that isn't ours is called what the client calls it. */
const MISSING: Partial<Record<UsageGroup, (key: string) => string>> = {
  consumable: consumableName,
  member: () => "Former member",
  api_key: () => "Former API key",
  trigger: triggerName,
}

async function readNames(
  db: Db,
  teamId: string,
  groupBy: UsageGroup,
  keys: string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  if (groupBy === "member") return getMemberNames(db, teamId, keys)
  if (groupBy === "api_key") {
    const found = await db.apiKey.findMany({
      where: { teamId, id: { in: keys } },
      select: { id: true, name: true },
    })
    return new Map(found.map(({ id, name }) => [id, name]))
  }
  if (groupBy !== "run") return new Map()
  const ids = new Map(keys.map((key) => [fromPublicId("run", key), key]))
  const found = await db.agentTask.findMany({
    where: { teamId, id: { in: [...ids.keys()].filter((id) => id !== null) } },
    select: { id: true, title: true },
  })
  return new Map(found.map(({ id, title }) => [ids.get(id) ?? "", title]))
}
