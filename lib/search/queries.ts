import type { Db } from "@/lib/db/client"
import type { EntryKind, Role } from "@/lib/db/generated/enums"
import type { Reference } from "./reference"
import { MOST_FOUND } from "./schema"

export type FoundMember = { id: string; name: string; email: string; role: Role }
export type FoundKey = { id: string; name: string; last4: string; hasExpired: boolean }
export type FoundTransaction = {
  poolId: string
  /** The place of its first entry in `credits`, which names it within the pool. */
  seq: bigint
  kind: EntryKind
  detail: string | null
  amountNanos: bigint
  occurredAt: Date
  /** Null where the team has one pool. */
  holder: string | null
}
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

/** Finds the team's transactions that a reference names: a payment with all that was refunded of it, a transfer, usage with its corrections. */
export function findTransactions(
  db: Db,
  teamId: string,
  { purchaseId, requestId, reversalId, stripeId, usageKeys }: Reference,
): Promise<FoundTransaction[]> {
  // Usage has its key in its first entry. Included credits may have paid that one, and only `credits` has transactions.
  return db.$queryRaw<FoundTransaction[]>`
    WITH bought AS (
      SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND id = ${purchaseId}::uuid
      UNION SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND payment_intent_id = ${stripeId}
      UNION SELECT id FROM purchases WHERE team_id = ${teamId}::uuid AND checkout_session_id = ${stripeId}
      UNION SELECT purchase_id FROM invoices WHERE team_id = ${teamId}::uuid AND id = ${stripeId}
    ), claims AS (
      SELECT purchase_id, id FROM refunds WHERE team_id = ${teamId}::uuid AND stripe_refund_id = ${stripeId}
      UNION ALL SELECT purchase_id, id FROM disputes WHERE team_id = ${teamId}::uuid AND stripe_dispute_id = ${stripeId}
    ), causes AS (
      SELECT id FROM bought
      UNION SELECT c.id FROM bought b JOIN clawbacks c ON c.team_id = ${teamId}::uuid AND c.purchase_id = b.id
      UNION SELECT c.id FROM claims m JOIN clawbacks c ON c.team_id = ${teamId}::uuid AND c.purchase_id = m.purchase_id
        AND m.id IN (c.refund_id, c.dispute_id)
      UNION SELECT transfer_id FROM credit_requests WHERE team_id = ${teamId}::uuid AND id = ${requestId}::uuid
      UNION SELECT id FROM usage_reversals WHERE team_id = ${teamId}::uuid AND id = ${reversalId}::uuid
      UNION SELECT id FROM usage_reversals WHERE team_id = ${teamId}::uuid AND usage_key = ANY (${usageKeys}::bigint[])
    ), found AS (
      SELECT e.pool_no, e.seq, e.seq AS last_seq FROM causes c
      JOIN entries e ON e.team_id = ${teamId}::uuid AND e.cause_id = c.id AND e.bucket = 'credits'
      UNION ALL
      SELECT f.pool_no, own.seq, f.seq + coalesce(f.pieces, 1) - 1 FROM entries f
      CROSS JOIN LATERAL (
        SELECT x.seq FROM entries x WHERE x.team_id = f.team_id AND x.pool_no = f.pool_no AND x.bucket = 'credits'
          AND x.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1
        ORDER BY x.seq LIMIT 1
      ) own
      WHERE f.team_id = ${teamId}::uuid AND f.usage_key = ANY (${usageKeys}::bigint[])
    )
    SELECT p.id AS "poolId", e.seq, e.kind, coalesce(e.detail, t.consumable) AS detail, paid.nanos AS "amountNanos",
      e.occurred_at AS "occurredAt",
      CASE WHEN EXISTS (SELECT FROM pools o WHERE o.team_id = p.team_id AND o.id <> p.id)
        THEN coalesce(u.name, u.email, 'Former member') END AS holder
    FROM found f
    JOIN entries e ON e.team_id = ${teamId}::uuid AND e.pool_no = f.pool_no AND e.bucket = 'credits' AND e.seq = f.seq
    CROSS JOIN LATERAL (
      SELECT sum(x.amount_nanos)::bigint AS nanos FROM entries x WHERE x.team_id = e.team_id AND x.pool_no = e.pool_no
        AND x.bucket = 'credits' AND x.seq BETWEEN f.seq AND f.last_seq
    ) paid
    JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    LEFT JOIN meters t ON t.team_id = e.team_id AND t.no = e.meter_no
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id
    LEFT JOIN users u ON u.id = m.user_id
    ORDER BY e.created_at, e.pool_no, e.seq LIMIT ${MOST_FOUND}`
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
