import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { readAlone } from "@/lib/db/read-together"
import { utcDayOf } from "@/lib/utc-day"

export const PAID_RATE_DAYS = 90

/** The usage of a consumable, all of it, and its price beyond the allowances. */
export type Paid = { quantity: bigint; costNanos: bigint }

/** Returns what a team used in the last 90 days (UTC) and paid for it, by consumable, from the daily totals. */
export function getPaid(db: Db, teamId: string, now: Date): Promise<Map<string, Paid>> {
  const [first, today] = [now.getTime() - (PAID_RATE_DAYS - 1) * DAY_MS, now.getTime()].map((ms) =>
    utcDayOf(new Date(ms)),
  )
  return readAlone(db, {
    // Summed by meter before their names are looked at: a year has tens of thousands of daily totals.
    rows: Prisma.sql`
      WITH used AS MATERIALIZED (
        SELECT u.meter_no, sum(u.quantity) AS quantity, sum(u.included_nanos + u.credits_nanos) AS cost
        FROM pools p JOIN usage_days u ON u.team_id = p.team_id AND u.pool_id = p.id
          AND u.day BETWEEN ${first}::date AND ${today}::date
        WHERE p.team_id = ${teamId}::uuid GROUP BY u.meter_no
      )
      SELECT m.consumable, sum(d.quantity)::text AS quantity, sum(d.cost)::text AS cost
      FROM used d JOIN meters m ON m.team_id = ${teamId}::uuid AND m.no = d.meter_no GROUP BY m.consumable`,
    toValue: (rows: { consumable: string; quantity: string; cost: string }[]) =>
      new Map(
        rows.map(({ consumable, quantity, cost }) => [
          consumable,
          { quantity: BigInt(quantity), costNanos: BigInt(cost) },
        ]),
      ),
  })
}
