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

/** A place between records: after this one, whether or not it is a record. */
export type UsageCursor = Pick<UsageRecord, "day" | "poolNo" | "seq">

/** The most entries that one page looks at for those that fit, so that none takes long. */
const MAX_LOOKED_AT = 5_000

/**
 * One page of usage records: the newest day first, in it pool by pool, in each the newest first, from after a cursor on.
 * `next` says where the next page begins; null: there is none. A page may have fewer than the limit, even none, and not be
 * the last, where few of the entries between a day's first and last record are that day's: one that was reported weeks
 * late is enough.
 */
export async function listUsageRecords(
  db: Db,
  teamId: string,
  filter: UsageFilter,
  page: { after: UsageCursor | null; limit: number; maxLookedAt?: number },
): Promise<{ records: UsageRecord[]; next: UsageCursor | null }> {
  const { after, limit, maxLookedAt = MAX_LOOKED_AT } = page
  // Each has a record that fits, except the first, which the page before may have come to the end of.
  const stretches = await listStretches(db, teamId, filter, { after, limit: limit + 2 })
  const records: UsageRecord[] = []
  let left = maxLookedAt
  for (const stretch of stretches) {
    // Entries have no gap in their numbers, so a range of numbers is as many rows.
    const lowest = stretch.lastSeq - BigInt(left) + 1n
    const fromSeq = lowest > stretch.firstSeq ? lowest : stretch.firstSeq
    records.push(
      ...(await listStretchRecords(db, teamId, { ...stretch, fromSeq }, limit + 1 - records.length)),
    )
    if (records.length > limit) {
      records.length = limit
      return { records, next: cursorOf(records.at(-1)) }
    }
    left -= Number(stretch.lastSeq - fromSeq) + 1
    if (left === 0) return { records, next: cursorOf({ ...stretch, seq: fromSeq }) }
  }
  return { records, next: null }
}

function cursorOf(place: UsageCursor | undefined): UsageCursor | null {
  return place ? { day: place.day, poolNo: place.poolNo, seq: place.seq } : null
}

/** The entries of a pool between which a day's records of some meters lie, those of other days among them. */
type Stretch = { day: string; poolNo: number; meterNos: number[]; firstSeq: bigint; lastSeq: bigint }

/** Where records that fit lie after the cursor, as the daily totals say, in the order of the records. */
async function listStretches(
  db: Db,
  teamId: string,
  filter: UsageFilter,
  { after, limit }: { after: UsageCursor | null; limit: number },
): Promise<Stretch[]> {
  const beyond = after
    ? Prisma.sql`AND (d.day, p.no) <= (${after.day}::date, ${after.poolNo}::integer) AND d.day <= ${after.day}::date`
    : Prisma.empty
  const stretches = await db.$queryRaw<Stretch[]>`
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, p.no AS "poolNo", array_agg(d.meter_no) AS "meterNos",
      min(d.first_seq) AS "firstSeq", max(d.last_seq) AS "lastSeq"
    FROM usage_days d
    JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
    JOIN pools p ON p.team_id = d.team_id AND p.id = d.pool_id
    WHERE ${matches(teamId, filter)} ${beyond}
    GROUP BY d.day, p.no ORDER BY d.day DESC, p.no DESC LIMIT ${limit}`
  const [first] = stretches
  // The cursor may lie inside the first one.
  if (!after || !first || first.day !== after.day || first.poolNo !== after.poolNo) return stretches
  if (after.seq <= first.firstSeq) return stretches.slice(1)
  if (after.seq <= first.lastSeq) first.lastSeq = after.seq - 1n
  return stretches
}

/** The newest records of a stretch, looking at its entries from a number on. */
async function listStretchRecords(
  db: Db,
  teamId: string,
  stretch: Stretch & { fromSeq: bigint },
  limit: number,
): Promise<UsageRecord[]> {
  const { day, poolNo, meterNos, fromSeq, lastSeq } = stretch
  return db.$queryRaw<UsageRecord[]>`
    SELECT ${day}::text AS day, p.id AS "poolId", p.no AS "poolNo", r.seq, m.consumable, r.quantity,
      m.decimals::integer AS decimals, m.rate_nanos AS "rateNanos", m.trigger, m.member_id AS "memberId", m.api_key_id AS "apiKeyId",
      coalesce(r.allowance_quantity, 0) AS "allowanceQuantity", r.metadata, r.occurred_at AS "occurredAt",
      (SELECT -sum(x.amount_nanos)::bigint FROM entries x WHERE x.team_id = r.team_id AND x.pool_no = r.pool_no
        AND x.bucket IN ('included', 'credits') AND x.seq >= r.seq AND x.seq < r.seq + coalesce(r.pieces, 1)) AS "costNanos"
    FROM (
      SELECT e.* FROM entries e
      WHERE e.team_id = ${teamId}::uuid AND e.pool_no = ${poolNo}::integer AND e.bucket IN ('included', 'credits')
        AND e.seq BETWEEN ${fromSeq}::bigint AND ${lastSeq}::bigint
        AND e.meter_no = ANY (${meterNos}::integer[]) AND e.usage_key IS NOT NULL
        AND (e.occurred_at AT TIME ZONE 'UTC')::date = ${day}::date
      ORDER BY e.seq DESC LIMIT ${limit}
    ) r
    JOIN meters m ON m.team_id = r.team_id AND m.no = r.meter_no
    JOIN pools p ON p.team_id = r.team_id AND p.no = r.pool_no
    ORDER BY r.seq DESC`
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
