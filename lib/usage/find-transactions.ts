import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { fromPublicId } from "@/lib/ids"
import { fromEntryId } from "@/lib/ledger/entry-id"
import { usageKey } from "@/lib/metering/usage-key"

/** A transaction by its pool, and by an entry of its own. */
export type TransactionPlace = { poolId: string; poolNo: number; seq: bigint }

const MAX_LENGTH = 255
/** A payment has one entry, and one for each refund and dispute of it. */
const MOST = 50

/**
 * Finds a team's transactions by a reference: an entry (`ent_…`), a purchase (`pur_…`) or its payment at Stripe (`pi_…`), both
 * with their refunds and disputes, or the key that a client gave its usage, with its corrections. Usage that only
 * allowances and included credits paid for is no transaction. Newest first.
 */
export async function findTransactions(
  db: Db,
  teamId: string,
  reference: string,
): Promise<TransactionPlace[]> {
  const text = reference.trim()
  if (text === "" || text.length > MAX_LENGTH || text.includes("\0")) return []
  const found = await db.$queryRaw<TransactionPlace[]>`
    SELECT p.id AS "poolId", p.no AS "poolNo", e.seq
    FROM (${entriesOf(teamId, text)}) f
    JOIN pools p ON p.team_id = ${teamId}::uuid AND p.no = f.pool_no
    CROSS JOIN LATERAL (
      -- A record may begin with what included credits paid.
      SELECT x.seq FROM entries x
      WHERE x.team_id = ${teamId}::uuid AND x.pool_no = f.pool_no AND x.bucket = 'credits'
        AND x.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1
      ORDER BY x.seq LIMIT 1
    ) e
    ORDER BY f.created_at DESC, p.no, e.seq DESC LIMIT ${MOST}`
  return found
}

const COLUMNS = Prisma.sql`e.pool_no, e.seq, e.pieces, e.created_at`

/** A client's own key may look like any of the others, so it is always looked for. */
function entriesOf(teamId: string, text: string): Prisma.Sql {
  const ofTeam = Prisma.sql`e.team_id = ${teamId}::uuid`
  const { key } = usageKey(text, "")
  const found = [
    Prisma.sql`SELECT ${COLUMNS} FROM entries e WHERE ${ofTeam} AND e.usage_key = ${key}`,
    Prisma.sql`SELECT ${COLUMNS} FROM usage_reversals r JOIN entries e ON ${ofTeam} AND e.cause_id = r.id
      WHERE r.team_id = ${teamId}::uuid AND r.usage_key = ${key}`,
  ]
  const entry = fromEntryId(text)
  if (entry)
    found.push(Prisma.sql`SELECT ${COLUMNS} FROM entries e
      WHERE ${ofTeam} AND e.pool_no = ${entry.poolNo} AND e.bucket IN ('included', 'credits') AND e.seq = ${entry.seq}`)
  const purchaseId = fromPublicId("pur", text)
  if (purchaseId !== null) found.push(ofPurchase(teamId, Prisma.sql`b.id = ${purchaseId}::uuid`))
  if (text.startsWith("pi_")) found.push(ofPurchase(teamId, Prisma.sql`b.payment_intent_id = ${text}`))
  return Prisma.join(found, " UNION ALL ")
}

function ofPurchase(teamId: string, isIt: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT ${COLUMNS} FROM purchases b
    CROSS JOIN LATERAL (
      SELECT b.id UNION ALL
      SELECT w.id FROM clawbacks w WHERE w.team_id = b.team_id AND w.purchase_id = b.id
    ) cause (id)
    JOIN entries e ON e.team_id = ${teamId}::uuid AND e.cause_id = cause.id
    WHERE b.team_id = ${teamId}::uuid AND ${isIt}`
}
