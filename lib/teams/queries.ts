import type { Db } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { getNames } from "./names"

export type Membership = {
  team: { id: string; slug: string; name: string; plan: Plan; lowBalanceThresholdNanos: bigint }
  member: { id: string; role: Role }
}

export type SessionMembership = {
  user: { id: string; name: string; email: string }
  lastUsedAt: Date
  membership: Membership | null
}

/**
 * Returns a session's person, and their present place in the team that has or had this address. Null: there is no such
 * session, or it has ended.
 */
export async function getMembershipOfSession(
  db: Db,
  { tokenHash, teamSlug, now }: { tokenHash: string; teamSlug: string; now: Date },
): Promise<SessionMembership | null> {
  type User = { userId: string; userName: string; email: string; lastUsedAt: Date }
  type Place = Membership["team"] & { memberId: string; role: Role }
  const [row] = await db.$queryRaw<(User & { [Column in keyof Place]: Place[Column] | null })[]>`
    SELECT u.id AS "userId", coalesce(u.name, u.email) AS "userName", u.email, s.last_used_at AS "lastUsedAt",
      t.id, t.slug, t.name, t.plan, t.low_balance_threshold_nanos AS "lowBalanceThresholdNanos", m.id AS "memberId", m.role
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN (teams t JOIN members m ON m.team_id = t.id AND m.removed_at IS NULL)
      ON t.id = coalesce(
          (SELECT id FROM teams WHERE slug = ${teamSlug}),
          (SELECT team_id FROM former_slugs WHERE slug = ${teamSlug})
        ) AND t.deleted_at IS NULL AND m.user_id = u.id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now}`
  if (!row) return null
  const { userId, userName, email, lastUsedAt, ...place } = row
  const user = { id: userId, name: userName, email }
  if (place.memberId === null) return { user, lastUsedAt, membership: null }
  // They are null together.
  const { memberId, role, ...team } = place as Place
  return { user, lastUsedAt, membership: { team, member: { id: memberId, role } } }
}

export type OwnTeam = {
  slug: string
  name: string
  role: Role
  /** The balance of the pool that the person draws from there. */
  balanceNanos: bigint
}

/** Lists the teams that a person can open, by name. */
export async function listTeamsOf(db: Db, userId: string): Promise<OwnTeam[]> {
  return db.$queryRaw<OwnTeam[]>`
    SELECT t.slug, t.name, m.role, coalesce(p.credits_nanos, 0) AS "balanceNanos"
    FROM members m
    JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    LEFT JOIN LATERAL (
      SELECT credits_nanos FROM pools
      WHERE team_id = m.team_id AND (member_id = m.id OR member_id IS NULL)
      ORDER BY member_id NULLS FIRST LIMIT 1) p ON true
    WHERE m.user_id = ${userId}::uuid AND m.removed_at IS NULL
    ORDER BY t.name, t.slug`
}

/** Lists the people whom a Member may ask: the Owner first, then the Admins. */
export async function listBillingPeople(db: Db, teamId: string): Promise<{ name: string; role: Role }[]> {
  const members = await db.member.findMany({
    where: { teamId, removedAt: null, role: { in: ["OWNER", "ADMIN"] } },
    select: { role: true, userId: true },
    orderBy: [{ role: "asc" }, { createdAt: "asc" }],
  })
  const names = await getNames(
    db,
    members.map(({ userId }) => userId),
  )
  return members.flatMap(({ userId, role }) => {
    const name = names.get(userId)
    return name ? [{ name, role }] : []
  })
}

/** Returns the address for receipts that nobody asked for in person. A team has an Owner. */
export async function getOwnerEmail(db: Db, teamId: string): Promise<string> {
  const { userId } = await db.member.findFirstOrThrow({
    where: { teamId, role: "OWNER", removedAt: null },
    select: { userId: true },
  })
  const { email } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } })
  return email
}
