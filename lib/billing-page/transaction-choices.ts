import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { andAll } from "@/lib/ledger/conditions"
import {
  otherConditions,
  otherKinds,
  type TransactionFilter,
  usageDayConditions,
  wantsUsage,
} from "@/lib/ledger/search-transactions"
import type { PoolRef } from "@/lib/ledger/transactions"

/** The people, keys and consumables by which a pool's transactions can be filtered, and about how many fit a filter. */
export type TransactionChoices = {
  members: { id: string; name: string }[]
  keys: { id: string; name: string }[]
  consumables: string[]
  rows: bigint
  /** The pool's newest entry, up to which all this is. */
  lastSeq: bigint
}

/** A list to choose from must stay readable. */
const MOST = 200
/** Beyond this, all that isn't usage is no longer counted. */
const MOST_COUNTED = 100_000

type Row = Omit<TransactionChoices, "rows"> & { usage: bigint; others: bigint }

/**
 * Reads both in one statement, and no entry of usage for it: the daily totals know their number. It may be too high
 * where a day has records that only included credits paid, or whose amounts differ.
 */
export async function getTransactionChoices(
  db: Db,
  pool: PoolRef,
  filter: TransactionFilter,
): Promise<TransactionChoices> {
  const fits = wantsUsage(filter)
    ? Prisma.sql`d.credits_nanos > 0 ${andAll(usageDayConditions(pool, filter))}`
    : Prisma.sql`false`
  const [row] = await db.$queryRaw<Row[]>`
    WITH used AS MATERIALIZED (
      SELECT m.member_id, m.api_key_id, m.consumable, sum_nanos(d.records) FILTER (WHERE ${fits}) AS records
      FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
      WHERE d.team_id = ${pool.teamId}::uuid AND d.pool_id = ${pool.id}::uuid
      GROUP BY m.member_id, m.api_key_id, m.consumable
    )
    SELECT (SELECT sum_nanos(records) FROM used) AS usage, (
      SELECT count(*) FROM (
        SELECT FROM entries e
        WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket = 'credits' AND e.cause_id IS NOT NULL
          AND e.kind <> 'consumption' AND e.kind = ANY (${otherKinds(filter)}::entry_kind[]) ${andAll(otherConditions(filter))}
        LIMIT ${MOST_COUNTED}
      ) x
    ) AS others, (
      SELECT coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) ORDER BY lower(x.name), x.id), '[]') FROM (
        SELECT m.id, coalesce(u.name, u.email, 'Former member') AS name FROM members m LEFT JOIN users u ON u.id = m.user_id
        WHERE m.team_id = ${pool.teamId}::uuid
          AND (m.id IN (SELECT member_id FROM used) OR m.id = ${filter.memberId ?? null}::uuid)
        LIMIT ${MOST}
      ) x
    ) AS members, (
      SELECT coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) ORDER BY lower(x.name), x.id), '[]') FROM (
        SELECT k.id, k.name FROM api_keys k
        WHERE k.team_id = ${pool.teamId}::uuid
          AND (k.id IN (SELECT api_key_id FROM used) OR k.id = ${filter.apiKeyId ?? null}::uuid)
        LIMIT ${MOST}
      ) x
    ) AS keys, (
      SELECT coalesce(json_agg(DISTINCT consumable), '[]') FROM used
    ) AS consumables, (
      SELECT p.last_seq FROM pools p WHERE p.team_id = ${pool.teamId}::uuid AND p.id = ${pool.id}::uuid
    ) AS "lastSeq"`
  if (!row) return { members: [], keys: [], consumables: [], rows: 0n, lastSeq: 0n }
  const { usage, others, ...choices } = row
  return { ...choices, rows: (usage ?? 0n) + others }
}
