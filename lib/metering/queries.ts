import type { Consumable } from "@/lib/catalog/schema"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"

/** Which usage of a team. Whatever is left out is not looked at. Days are UTC dates, both ends included. */
export type UsageFilter = {
  poolId?: string
  memberId?: string
  consumable?: Consumable
  apiKeyId?: string
  fromDay: string
  toDay: string
}

export type UsageTotal = {
  /** A UTC date, such as 2026-11-21. */
  day: string
  consumable: Consumable
  records: bigint
  /** Units x 10^decimals. */
  quantity: bigint
  decimals: number
  allowanceQuantity: bigint
  includedNanos: bigint
  creditsNanos: bigint
}

/** What was used on each day, by consumable: from the daily totals that every spend keeps, never from the ledger. */
export async function listUsageTotals(db: Db, teamId: string, filter: UsageFilter): Promise<UsageTotal[]> {
  return db.$queryRaw<UsageTotal[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, m.consumable, m.decimals::integer AS decimals, sum(d.records)::bigint AS records,
      sum(d.quantity)::bigint AS quantity, sum(d.allowance_quantity)::bigint AS "allowanceQuantity",
      sum(d.included_nanos)::bigint AS "includedNanos", sum(d.credits_nanos)::bigint AS "creditsNanos"
    FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    WHERE ${matches(teamId, filter)}
    GROUP BY d.day, m.consumable, m.decimals ORDER BY d.day, m.consumable`
}

export type UsageRecord = {
  day: string
  poolId: string
  poolNo: number
  seq: bigint
  consumable: Consumable
  quantity: bigint
  decimals: number
  /** What it was charged at, whatever the price list says now. */
  rateNanos: bigint
  trigger: string
  memberId: string | null
  apiKeyId: string | null
  allowanceQuantity: bigint
  costNanos: bigint
  metadata: unknown
  occurredAt: Date
}

export type UsageCursor = Pick<UsageRecord, "day" | "poolNo" | "seq">

/**
 * Usage records, the newest day first, after the one that the cursor names. The daily totals say between which entries a
 * day's records of a meter lie, and the entries' own key finds them there.
 */
export async function listUsageRecords(
  db: Db,
  teamId: string,
  filter: UsageFilter,
  page: { after: UsageCursor | null; limit: number },
): Promise<UsageRecord[]> {
  const { after, limit } = page
  const beyond = after
    ? Prisma.sql`AND (d.day, p.no, r.seq) < (${after.day}::date, ${after.poolNo}, ${after.seq}::bigint)`
    : Prisma.empty
  const daysLeft = after ? Prisma.sql`AND d.day <= ${after.day}::date` : Prisma.empty
  return db.$queryRaw<UsageRecord[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, p.id AS "poolId", p.no AS "poolNo", r.seq, m.consumable, r.quantity,
      m.decimals::integer AS decimals, m.rate_nanos AS "rateNanos", m.trigger, m.member_id AS "memberId", m.api_key_id AS "apiKeyId",
      coalesce(r.allowance_quantity, 0) AS "allowanceQuantity", r.metadata, r.occurred_at AS "occurredAt",
      (SELECT -sum(x.amount_nanos)::bigint FROM entries x WHERE x.team_id = d.team_id AND x.pool_no = p.no
        AND x.bucket IN ('included', 'credits') AND x.seq >= r.seq AND x.seq < r.seq + coalesce(r.pieces, 1)) AS "costNanos"
    FROM usage_days d
    JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    JOIN pools p ON p.team_id = d.team_id AND p.id = d.pool_id
    CROSS JOIN LATERAL (
      SELECT e.* FROM entries e
      WHERE e.team_id = d.team_id AND e.pool_no = p.no AND e.bucket IN ('included', 'credits')
        AND e.seq BETWEEN d.first_seq AND d.last_seq AND e.meter_no = d.meter_no AND e.usage_key IS NOT NULL
        AND (e.occurred_at AT TIME ZONE 'UTC')::date = d.day
    ) r
    WHERE ${matches(teamId, filter)} ${daysLeft} ${beyond}
    ORDER BY d.day DESC, p.no DESC, r.seq DESC LIMIT ${limit}`
}

function matches(teamId: string, filter: UsageFilter): Prisma.Sql {
  const { poolId, memberId, consumable, apiKeyId, fromDay, toDay } = filter
  const conditions = [
    Prisma.sql`d.team_id = ${teamId}::uuid AND d.day BETWEEN ${fromDay}::date AND ${toDay}::date`,
  ]
  if (poolId !== undefined) conditions.push(Prisma.sql`d.pool_id = ${poolId}::uuid`)
  if (memberId !== undefined) conditions.push(Prisma.sql`m.member_id = ${memberId}::uuid`)
  if (consumable !== undefined) conditions.push(Prisma.sql`m.consumable = ${consumable}`)
  if (apiKeyId !== undefined) conditions.push(Prisma.sql`m.api_key_id = ${apiKeyId}::uuid`)
  return Prisma.join(conditions, " AND ")
}
