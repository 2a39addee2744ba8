import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { queryIn, type Statement } from "@/lib/db/query"
import { startOfMonth } from "@/lib/top-up-settings/month"

export type MemberRow = {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  joinedAt: Date
  /** Exact to the day. Null when they have no session. */
  lastActiveAt: Date | null
  /** Spent in this month (UTC), of included and of bought credits. */
  spentNanos: bigint
  /** The most that they may spend in a month. Null: no limit. */
  limitNanos: bigint | null
  /** The bought credits that would be moved if they left now. */
  movableNanos: bigint
}

export const MEMBERS_PER_PAGE = 50

/** Where a page begins: after or before a member, who may have left meanwhile. */
export type MemberPlace = { after: string } | { before: string } | null

export type MembersPage = {
  members: MemberRow[]
  /** The places to go on from. Null at either end. */
  before: string | null
  after: string | null
}

/** The spend of one month comes from the daily totals of the meters that name the member, in whichever pool. */
const ABOUT = `SELECT page.id, page.user_id AS "userId", page.name, page.email, page.role, page.joined_at AS "joinedAt",
    (SELECT max(s.last_used_at) FROM sessions s WHERE s.user_id = page.user_id) AS "lastActiveAt",
    (SELECT coalesce(sum(d.included_nanos + d.credits_nanos), 0)::bigint FROM meters t
      JOIN usage_days d ON d.team_id = t.team_id AND d.meter_no = t.no AND d.day >= $3::date
      WHERE t.team_id = $1::uuid AND t.member_id = page.id) AS "spentNanos",
    (SELECT l.amount_nanos FROM spend_limits l
      WHERE l.team_id = $1::uuid AND l.kind = 'member' AND l.member_id = page.id) AS "limitNanos",
    coalesce((SELECT ledger_transferable(p.team_id, p.id) FROM pools p
      WHERE p.team_id = $1::uuid AND p.member_id = page.id), 0)::bigint AS "movableNanos"
  FROM page ORDER BY page.role, page.id`

/** A page in one direction, of everybody or of those whose name or address fits. */
function pageStatement(
  name: string,
  { place, order }: { place: "<" | ">" | null; order: string },
): Statement {
  return {
    name,
    text: `WITH page AS (
        SELECT m.id, m.user_id, m.role, m.joined_at, coalesce(u.name, u.email) AS name, u.email
        FROM members m JOIN users u ON u.id = m.user_id
        WHERE m.team_id = $1::uuid AND m.removed_at IS NULL
          AND ($2::text IS NULL OR u.name ILIKE $2::text OR u.email ILIKE $2::text)
          ${place ? `AND (m.role, m.id) ${place} (SELECT role, id FROM members WHERE team_id = $1::uuid AND id = $4::uuid)` : ""}
        ORDER BY ${order} LIMIT ${MEMBERS_PER_PAGE + 1}
      ) ${ABOUT}`,
  }
}

const FIRST = pageStatement("members_first", { place: null, order: "m.role, m.id" })
const AFTER = pageStatement("members_after", { place: ">", order: "m.role, m.id" })
const BEFORE = pageStatement("members_before", { place: "<", order: "m.role DESC, m.id DESC" })

/** Escapes what LIKE would read as a wildcard. */
const pattern = (search: string) => `%${search.replace(/[\\%_]/g, "\\$&")}%`

/**
 * Lists a page of the team's members: the Owner, the Admins, then everybody else, each by when they first came. `search`
 * finds names and addresses that contain it.
 */
export async function listMembers(
  { db, now }: { db: Db; now: Date },
  teamId: string,
  { search, place }: { search: string; place: MemberPlace },
): Promise<MembersPage> {
  const values = [teamId, search === "" ? null : pattern(search), startOfMonth(now)]
  const query = queryIn(db)
  if (place === null) return toPage(await query<MemberRow>(FIRST, values), "first")
  if ("after" in place) return toPage(await query<MemberRow>(AFTER, [...values, place.after]), "after")
  return toPage(await query<MemberRow>(BEFORE, [...values, place.before]), "before")
}

function toPage(rows: MemberRow[], direction: "first" | "after" | "before"): MembersPage {
  const hasMore = rows.length > MEMBERS_PER_PAGE
  // The row too many is the farthest one.
  const members = direction === "before" && hasMore ? rows.slice(1) : rows.slice(0, MEMBERS_PER_PAGE)
  const isStart = direction === "first" || (direction === "before" && !hasMore)
  const isEnd = direction !== "before" && !hasMore
  return {
    members,
    before: isStart ? null : (members[0]?.id ?? null),
    after: isEnd ? null : (members.at(-1)?.id ?? null),
  }
}

/** Returns how many people are in the team. */
export function countMembers(db: Db, teamId: string): Promise<number> {
  return db.member.count({ where: { teamId, removedAt: null } })
}

/** Returns whose pool gets the bought credits of a member who leaves: a name, or null for the one that all share. */
export async function getHeir(db: Db, team: { id: string; plan: string }): Promise<string | null> {
  if (team.plan === "enterprise") return null
  const [owner] = await db.$queryRaw<{ name: string }[]>`
    SELECT coalesce(u.name, u.email) AS name FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.team_id = ${team.id}::uuid AND m.role = 'OWNER' AND m.removed_at IS NULL`
  return owner?.name ?? null
}

/** Returns since when a person has been in the team, and the bought credits that would be moved if they left now. */
export async function getOwnPlace(
  db: Db,
  teamId: string,
  memberId: string,
): Promise<{ joinedAt: Date; movableNanos: bigint } | null> {
  const [place] = await db.$queryRaw<{ joinedAt: Date; movableNanos: bigint }[]>`
    SELECT m.joined_at AS "joinedAt", coalesce(ledger_transferable(p.team_id, p.id), 0) AS "movableNanos"
    FROM members m LEFT JOIN pools p ON p.team_id = m.team_id AND p.member_id = m.id
    WHERE m.team_id = ${teamId}::uuid AND m.id = ${memberId}::uuid`
  return place ?? null
}

export type OfferView = {
  id: string
  to: { name: string; memberId: string }
  from: string
  isConfirmed: boolean
  expiresAt: Date
}

/** Returns the team's open offer of ownership. Null when there is none, or when it has expired. */
export async function getOffer(
  { db, now }: { db: Db; now: Date },
  teamId: string,
): Promise<OfferView | null> {
  const [row] = await db.$queryRaw<
    { id: string; memberId: string; name: string; from: string; isConfirmed: boolean; expiresAt: Date }[]
  >`
    SELECT f.id, f.to_member_id AS "memberId", coalesce(u.name, u.email) AS name, coalesce(o.name, o.email) AS "from",
      f.confirmed_at IS NOT NULL AS "isConfirmed", f.expires_at AS "expiresAt"
    FROM ownership_offers f
    JOIN members mo ON mo.team_id = f.team_id AND mo.id = f.from_member_id AND mo.role = 'OWNER' AND mo.removed_at IS NULL
    JOIN members mu ON mu.team_id = f.team_id AND mu.id = f.to_member_id AND mu.removed_at IS NULL
    JOIN users o ON o.id = mo.user_id JOIN users u ON u.id = mu.user_id
    WHERE f.team_id = ${teamId}::uuid AND f.accepted_at IS NULL AND f.ended_at IS NULL AND f.expires_at > ${now}`
  if (!row) return null
  const { memberId, name, ...offer } = row
  return { ...offer, to: { memberId, name } }
}
