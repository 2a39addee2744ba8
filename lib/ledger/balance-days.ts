import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import type { EntryKind } from "@/lib/db/generated/enums"
import { type Read, readAlone } from "@/lib/db/read-together"
import type { PoolRef } from "./transactions"

/** A pool at the end of a day (UTC), and now for the present one. */
export type BalanceDay = {
  /** Its first moment. */
  day: Date
  creditsNanos: bigint
  includedNanos: bigint
  /** The usage of the day that credits of either bucket paid. */
  spentNanos: bigint
  /** Everything else that moved credits on that day, by kind. */
  moved: { kind: EntryKind; amountNanos: bigint; times: number }[]
}

/** The most entries of one kind that are read. More in a few months would be a fault, and would only lack their marks. */
const MOST_OF_A_KIND = 2_000

type Row = {
  day: string
  spentNanos: string
  creditsNanos: string
  includedNanos: string
  moved: [kind: EntryKind, nanos: string, times: number][] | null
}

/**
 * Reads a pool's balance at the end of each of its last days, from the entries' own running balances.
 *
 * A day ends before the first entry of a later one. `usage_days` knows that entry for usage, and all else is few and
 * has indexes by kind. So two look-ups a day suffice, however much was used.
 */
export function balanceDaysRead(
  pool: PoolRef,
  { days, now }: { days: number; now: Date },
): Read<BalanceDay[]> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const first = new Date(today - (days - 1) * DAY_MS)
  const rows = Prisma.sql`
    WITH pool AS (
      SELECT team_id, id, no, credits_nanos, included_nanos FROM pools
      WHERE team_id = ${pool.teamId}::uuid AND id = ${pool.id}::uuid
    ),
    caused AS MATERIALIZED (
      SELECT (x.occurred_at AT TIME ZONE 'UTC')::date AS day, x.seq, x.kind, x.amount_nanos
      FROM unnest(enum_range(NULL::entry_kind)) AS k (kind)
      CROSS JOIN LATERAL (
        (SELECT e.occurred_at, e.seq, e.kind, e.amount_nanos FROM entries e
          WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.cause_id IS NOT NULL
            AND e.bucket = 'credits' AND e.kind <> 'consumption' AND e.kind = k.kind
          ORDER BY e.seq DESC LIMIT ${MOST_OF_A_KIND})
        UNION ALL
        (SELECT e.occurred_at, e.seq, e.kind, e.amount_nanos FROM entries e
          WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.cause_id IS NOT NULL
            AND e.bucket = 'included' AND e.kind <> 'consumption' AND e.kind = k.kind
          ORDER BY e.seq DESC LIMIT ${MOST_OF_A_KIND})
      ) x
      WHERE x.occurred_at >= ${first}::timestamptz
    ),
    used AS MATERIALIZED (
      SELECT u.day, sum(u.included_nanos + u.credits_nanos)::bigint AS spent, min(u.first_seq) AS seq
      FROM usage_days u
      WHERE u.team_id = ${pool.teamId}::uuid AND u.pool_id = ${pool.id}::uuid AND u.day >= ${first}::date
      GROUP BY u.day
    ),
    firsts AS MATERIALIZED (
      SELECT f.day, min(f.seq) AS seq FROM (SELECT day, seq FROM used UNION ALL SELECT day, seq FROM caused) f GROUP BY f.day
    ),
    days AS MATERIALIZED (
      SELECT d::date AS day, (SELECT min(f.seq) FROM firsts f WHERE f.day > d::date) AS ended_before
      FROM generate_series(${first}::date::timestamp, ${new Date(today)}::date::timestamp, interval '1 day') AS d
    )
    SELECT d.day::text AS day, coalesce(u.spent, 0)::text AS "spentNanos",
      CASE WHEN d.ended_before IS NULL THEN p.credits_nanos ELSE coalesce((
        SELECT e.balance_after_nanos FROM entries e
        WHERE e.team_id = p.team_id AND e.pool_no = p.no AND e.bucket = 'credits' AND e.seq < d.ended_before
        ORDER BY e.seq DESC LIMIT 1), 0) END::text AS "creditsNanos",
      CASE WHEN d.ended_before IS NULL THEN p.included_nanos ELSE coalesce((
        SELECT e.balance_after_nanos FROM entries e
        WHERE e.team_id = p.team_id AND e.pool_no = p.no AND e.bucket = 'included' AND e.seq < d.ended_before
        ORDER BY e.seq DESC LIMIT 1), 0) END::text AS "includedNanos",
      (SELECT json_agg(json_build_array(m.kind, m.nanos::text, m.times) ORDER BY m.kind) FROM (
        SELECT c.kind, sum(c.amount_nanos)::bigint AS nanos, count(*)::integer AS times FROM caused c
        WHERE c.day = d.day GROUP BY c.kind) m) AS moved
    FROM days d CROSS JOIN pool p LEFT JOIN used u ON u.day = d.day
    ORDER BY d.day`
  return { rows, toValue: (found: Row[]) => found.map(toDay) }
}

const toDay = ({ day, spentNanos, creditsNanos, includedNanos, moved }: Row): BalanceDay => ({
  day: new Date(`${day}T00:00:00Z`),
  spentNanos: BigInt(spentNanos),
  creditsNanos: BigInt(creditsNanos),
  includedNanos: BigInt(includedNanos),
  moved: (moved ?? []).map(([kind, nanos, times]) => ({ kind, amountNanos: BigInt(nanos), times })),
})

export const getBalanceDays = (db: Db, pool: PoolRef, range: { days: number; now: Date }) =>
  readAlone(db, balanceDaysRead(pool, range))

/** The days, today among them, that the pace is based on. */
const PACE_DAYS = 7

/**
 * Returns how much a pool spends in a day at the pace of the last seven, from included and other credits together. Days
 * before its first use don't count. Null without usage in them.
 */
export function paceOf(days: BalanceDay[], now: Date): bigint | null {
  const recent = days.slice(-PACE_DAYS)
  const spent = recent.reduce((sum, { spentNanos }) => sum + spentNanos, 0n)
  const firstUse = days.find(({ spentNanos }) => spentNanos > 0n)?.day
  const start = recent[0]?.day
  if (spent <= 0n || !firstUse || !start) return null
  // At least a day, so that the first busy hour doesn't count as the pace of a whole day.
  const ms = Math.max(now.getTime() - Math.max(firstUse.getTime(), start.getTime()), DAY_MS)
  return (spent * BigInt(DAY_MS)) / BigInt(ms)
}
