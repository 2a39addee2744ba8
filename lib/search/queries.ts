import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { MOST_FOUND } from "./schema"

export type FoundMember = { id: string; name: string; email: string; role: Role }
export type FoundKey = { id: string; name: string; last4: string; hasExpired: boolean }
export type FoundTeam = { id: string; slug: string; name: string; role: Role }

/** Escapes what LIKE would read as a wildcard. */
const literally = (text: string) => text.replace(/[\\%_]/g, "\\$&")

/** Finds people of the team by a part of their name or address. Those that begin with it come first. */
export function findMembers(db: Db, teamId: string, text: string): Promise<FoundMember[]> {
  const begins = `${literally(text)}%`
  const contains = `%${begins}`
  // Each member's person is read by key. OFFSET 0 keeps the planner from reading the people of all teams instead.
  return db.$queryRaw<FoundMember[]>`
    SELECT m.id, coalesce(u.name, u.email) AS name, u.email, m.role
    FROM members m
    CROSS JOIN LATERAL (SELECT name, email FROM users WHERE id = m.user_id OFFSET 0) u
    WHERE m.team_id = ${teamId}::uuid AND m.removed_at IS NULL AND (u.name ILIKE ${contains} OR u.email ILIKE ${contains})
    ORDER BY NOT coalesce(u.name ILIKE ${begins} OR u.email ILIKE ${begins}, false), m.role, m.id LIMIT ${MOST_FOUND}`
}

/** Finds working keys of the team by a part of their name, or by the end of a secret that still works. */
export function findApiKeys(
  { db, now }: { db: Db; now: Date },
  teamId: string,
  text: string,
): Promise<FoundKey[]> {
  const begins = `${literally(text)}%`
  // As the pages show it: `ck_…a1B2`.
  const end = /^(?:ck_)?(?:…|\.{3})?([\w-]{4})$/.exec(text)?.[1] ?? null
  return db.$queryRaw<FoundKey[]>`
    SELECT k.id, k.name, k.last4, coalesce(k.expires_at <= ${now}, false) AS "hasExpired" FROM api_keys k
    WHERE k.team_id = ${teamId}::uuid AND k.revoked_at IS NULL AND (
      k.name ILIKE ${`%${begins}`} OR k.last4 = ${end} OR EXISTS (
        SELECT FROM api_key_former_secrets s
        WHERE s.team_id = ${teamId}::uuid AND s.api_key_id = k.id AND s.last4 = ${end} AND s.works_until > ${now}
      ))
    ORDER BY NOT k.name ILIKE ${begins}, k.name, k.id LIMIT ${MOST_FOUND}`
}

/** Finds a person's other teams by a part of their name or address. Those that begin with it come first. */
export function findOtherTeams(
  db: Db,
  { userId, teamId }: { userId: string; teamId: string },
  text: string,
): Promise<FoundTeam[]> {
  const begins = `${literally(text)}%`
  return db.$queryRaw<FoundTeam[]>`
    SELECT t.id, t.slug, t.name, m.role
    FROM members m JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    WHERE m.user_id = ${userId}::uuid AND m.removed_at IS NULL AND m.team_id <> ${teamId}::uuid
      AND (t.name ILIKE ${`%${begins}`} OR t.slug ILIKE ${`%${begins}`})
    ORDER BY NOT t.name ILIKE ${begins}, t.name, t.slug LIMIT ${MOST_FOUND}`
}
