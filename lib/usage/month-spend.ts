import { Prisma } from "@/lib/db/generated/client"
import type { Read } from "@/lib/db/read-together"
import { utcDayOf } from "@/lib/utc-day"

export type MonthSpend = {
  /** The price of all usage since the first of the month (UTC), beyond the allowances. */
  nowNanos: bigint
  /** The same of as many days of the month before. */
  beforeNanos: bigint
  /** The consumable that cost most. Null while nothing did. */
  consumable: { code: string; nanos: bigint } | null
  /** The member or API key whose usage cost most. Null while nobody's did. */
  spender: { kind: "member" | "key"; id: string; name: string; nanos: bigint } | null
}

type Row = {
  kind: "now" | "before" | "consumable" | "member" | "key"
  id: string | null
  name: string | null
  nanos: string
}

/** Reads where a team's money went this month (UTC), from the daily totals. */
export function monthSpendRead(teamId: string, now: Date): Read<MonthSpend> {
  const { first, today, firstBefore, lastBefore } = daysOf(now)
  return {
    // From the pools, because the totals are kept in their order.
    rows: Prisma.sql`
      WITH used AS MATERIALIZED (
        SELECT u.day >= ${first}::date AS is_now, u.meter_no, sum(u.included_nanos + u.credits_nanos) AS nanos
        FROM pools p JOIN usage_days u ON u.team_id = p.team_id AND u.pool_id = p.id
          AND u.day BETWEEN ${firstBefore}::date AND ${today}::date
        WHERE p.team_id = ${teamId}::uuid AND (u.day <= ${lastBefore}::date OR u.day >= ${first}::date)
        GROUP BY 1, 2
      ), named AS MATERIALIZED (
        SELECT d.is_now, d.nanos, m.consumable, m.member_id, m.api_key_id
        FROM used d JOIN meters m ON m.team_id = ${teamId}::uuid AND m.no = d.meter_no
      )
      SELECT CASE WHEN is_now THEN 'now' ELSE 'before' END AS kind, NULL AS id, NULL AS name, sum(nanos)::text AS nanos
        FROM named GROUP BY is_now
      UNION ALL (
        SELECT 'consumable', consumable, NULL, sum(nanos)::text FROM named WHERE is_now
        GROUP BY consumable HAVING sum(nanos) > 0 ORDER BY sum(nanos) DESC, consumable LIMIT 1
      ) UNION ALL (
        SELECT s.kind, s.id::text, CASE s.kind
            WHEN 'member' THEN coalesce((SELECT coalesce(u.name, u.email) FROM members m JOIN users u ON u.id = m.user_id
              WHERE m.team_id = ${teamId}::uuid AND m.id = s.id), 'Former member')
            ELSE coalesce((SELECT k.name FROM api_keys k WHERE k.team_id = ${teamId}::uuid AND k.id = s.id), 'Former API key')
          END, s.nanos::text
        FROM (
          SELECT CASE WHEN member_id IS NULL THEN 'key' ELSE 'member' END AS kind, coalesce(member_id, api_key_id) AS id,
            sum(nanos) AS nanos
          FROM named WHERE is_now AND coalesce(member_id, api_key_id) IS NOT NULL
          GROUP BY 1, 2 HAVING sum(nanos) > 0 ORDER BY 3 DESC, 2 LIMIT 1
        ) s
      )`,
    toValue(rows: Row[]) {
      const nanosOf = (kind: Row["kind"]) => BigInt(rows.find((row) => row.kind === kind)?.nanos ?? 0)
      const consumable = rows.find(({ kind }) => kind === "consumable")
      const spender = rows.find(({ kind }) => kind === "member" || kind === "key")
      return {
        nowNanos: nanosOf("now"),
        beforeNanos: nanosOf("before"),
        consumable: consumable ? { code: consumable.id ?? "", nanos: BigInt(consumable.nanos) } : null,
        spender: spender
          ? {
              kind: spender.kind as "member" | "key",
              id: spender.id ?? "",
              name: spender.name ?? "",
              nanos: BigInt(spender.nanos),
            }
          : null,
      }
    },
  }
}

/** Returns the days of this month so far, and as many of the month before, which may have fewer in all. */
export function daysOf(now: Date) {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  const dayIn = (months: number, of: number) => utcDayOf(new Date(Date.UTC(year, month + months, of)))
  const lengthBefore = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return {
    first: dayIn(0, 1),
    today: dayIn(0, day),
    firstBefore: dayIn(-1, 1),
    lastBefore: dayIn(-1, Math.min(day, lengthBefore)),
  }
}
