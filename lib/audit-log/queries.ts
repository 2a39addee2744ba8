import type { JsonValue } from "@/lib/audit/record-event"
import type { Db, Tx } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type AuditFilter, type AuditPlace, chosenKinds, chosenTime } from "./filter"

type Values = Record<string, JsonValue> | null

export type AuditEvent = {
  id: string
  kind: string
  /** The person or key that did it. Null when nobody asked for it at that moment. */
  actor: { name: string; memberId: string | null; email: string | null } | null
  address: string | null
  subject: { kind: string; id: string; name: string } | null
  before: Values
  after: Values
  occurredAt: Date
}

export type AuditPage = { events: AuditEvent[]; older: AuditPlace | null; newer: AuditPlace | null }

export const AUDIT_PAGE_SIZE = 50

/** Returns one page of what happened in the team, newest first: before an event, or just after one. */
export async function listAuditPage(
  db: Db | Tx,
  teamId: string,
  filter: AuditFilter,
  { before, after }: { before?: AuditPlace; after?: AuditPlace },
): Promise<AuditPage> {
  const forward = after === undefined
  const place = before ?? after
  const rows = await find(db, teamId, filter, { place, forward, limit: AUDIT_PAGE_SIZE + 1 })
  const hasMore = rows.length > AUDIT_PAGE_SIZE
  const events = rows.slice(0, AUDIT_PAGE_SIZE)
  if (!forward) events.reverse()
  const [first, last] = [events[0], events.at(-1)]
  const hasOlder = forward ? hasMore : true
  const hasNewer = forward ? before !== undefined : hasMore
  return { events, older: (hasOlder && last) || null, newer: (hasNewer && first) || null }
}

/** Returns the next events that fit, newest first, before a place. */
export function listAuditEventsBefore(
  db: Db | Tx,
  teamId: string,
  filter: AuditFilter,
  { before, limit }: { before: AuditPlace | null; limit: number },
): Promise<AuditEvent[]> {
  return find(db, teamId, filter, { place: before ?? undefined, forward: true, limit })
}

type Row = Omit<AuditEvent, "actor" | "subject"> & {
  actorKind: "member" | "api_key" | "system"
  memberId: string | null
  actorEmail: string | null
  personName: string | null
  keyName: string | null
  subjectKind: string | null
  subjectId: string | null
  subjectName: string | null
}

async function find(
  db: Db | Tx,
  teamId: string,
  filter: AuditFilter,
  { place, forward, limit }: { place: AuditPlace | undefined; forward: boolean; limit: number },
): Promise<AuditEvent[]> {
  const kinds = chosenKinds(filter)
  const { since, until } = chosenTime(filter)
  // A condition that isn't wanted is left out, because a plan for all of them at once would use no index.
  const wanted = [
    Prisma.sql`e.team_id = ${teamId}::uuid`,
    ...(filter.memberId ? [Prisma.sql`e.member_id = ${filter.memberId}::uuid`] : []),
    ...(kinds ? [Prisma.sql`e.kind = ANY(${kinds}::text[])`] : []),
    ...(since ? [Prisma.sql`e.occurred_at >= ${since}`] : []),
    ...(until ? [Prisma.sql`e.occurred_at < ${until}`] : []),
    ...(place
      ? [
          Prisma.sql`(e.occurred_at, e.id) ${Prisma.raw(forward ? "<" : ">")} (${place.occurredAt}, ${place.id}::uuid)`,
        ]
      : []),
  ]
  const order = Prisma.raw(forward ? "DESC" : "ASC")
  // The page first and its names afterwards, so that a large team is never joined as a whole.
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.id, e.kind, e.actor_kind AS "actorKind", e.member_id AS "memberId", e.actor_email AS "actorEmail",
      coalesce(u.name, u.email) AS "personName", k.name AS "keyName", e.address, e.subject_kind AS "subjectKind",
      e.subject_id AS "subjectId", e.subject_name AS "subjectName", e.before, e.after, e.occurred_at AS "occurredAt"
    FROM (SELECT * FROM audit_events e WHERE ${Prisma.join(wanted, " AND ")}
      ORDER BY e.occurred_at ${order}, e.id ${order} LIMIT ${limit}) e
    LEFT JOIN members m ON m.team_id = e.team_id AND m.id = e.member_id
    LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN api_keys k ON k.team_id = e.team_id AND k.id = e.api_key_id
    ORDER BY e.occurred_at ${order}, e.id ${order}`
  return rows.map(toEvent)
}

function toEvent(row: Row): AuditEvent {
  const { id, kind, actorKind, memberId, actorEmail, personName, keyName, address } = row
  const { subjectKind, subjectId, subjectName, before, after, occurredAt } = row
  const name = actorKind === "member" ? (personName ?? actorEmail ?? "") : `API key “${keyName ?? ""}”`
  return {
    id,
    kind,
    actor: actorKind === "system" ? null : { name, memberId, email: actorEmail },
    address,
    subject:
      subjectKind === null ? null : { kind: subjectKind, id: subjectId ?? "", name: subjectName ?? "" },
    before,
    after,
    occurredAt,
  }
}

/** A list to choose from must stay readable. */
const MOST_PEOPLE = 200

/**
 * Lists the people to filter by: those who did something, up to a number that one can look through, and the one who
 * is chosen.
 */
export function listActors(
  db: Db | Tx,
  teamId: string,
  chosenId: string | null,
): Promise<{ memberId: string; name: string; email: string }[]> {
  // From one person to the next along the index, however much each of them did.
  return db.$queryRaw`
    WITH RECURSIVE actors AS (
      (SELECT member_id FROM audit_events WHERE team_id = ${teamId}::uuid AND member_id IS NOT NULL
       ORDER BY member_id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.member_id FROM audit_events e WHERE e.team_id = ${teamId}::uuid AND e.member_id > a.member_id
              ORDER BY e.member_id LIMIT 1)
      FROM actors a WHERE a.member_id IS NOT NULL
    ), few AS (SELECT member_id FROM actors WHERE member_id IS NOT NULL LIMIT ${MOST_PEOPLE})
    SELECT m.id AS "memberId", coalesce(u.name, u.email) AS name, u.email
    FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.team_id = ${teamId}::uuid AND (m.id IN (SELECT member_id FROM few) OR m.id = ${chosenId}::uuid)
    ORDER BY lower(coalesce(u.name, u.email)), m.id`
}
