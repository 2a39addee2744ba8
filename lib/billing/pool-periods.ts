import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import type { BillingPeriod } from "./period"

export type PoolPeriod = {
  id: string
  /** Null before the first period. */
  start: Date | null
  end: Date | null
  /** The plan that it began with, or was raised to since. */
  plan: Plan | null
  raised_to: Plan[]
  withheld: "all" | "raised" | null
  /** Whether anybody draws from it on this plan: Enterprise shares one pool, on other plans each member has one. */
  is_drawn: boolean
}

const LOCK: Statement = {
  name: "pools_lock_of_team",
  text: "SELECT 1 FROM pools WHERE team_id = $1::uuid ORDER BY id FOR NO KEY UPDATE",
}
const READ: Statement = {
  name: "pools_read_periods",
  text: `SELECT p.id, p.period_starts_at AS start, p.period_ends_at AS end, d.plan::text,
      ARRAY(SELECT c.to_plan::text FROM plan_changes c
        WHERE c.team_id = p.team_id AND c.pool_id = p.id AND c.period_starts_at = p.period_starts_at) AS raised_to,
      (SELECT CASE WHEN w.only_raised THEN 'raised' ELSE 'all' END FROM period_withholdings w WHERE w.team_id = p.team_id
        AND w.pool_id = p.id AND w.period_starts_at = p.period_starts_at AND w.returned_at IS NULL) AS withheld,
      CASE WHEN t.plan = 'enterprise' THEN p.member_id IS NULL ELSE m.id IS NOT NULL END AS is_drawn
    FROM pools p JOIN teams t ON t.id = p.team_id
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id AND m.removed_at IS NULL
    LEFT JOIN periods d ON d.team_id = p.team_id AND d.pool_id = p.id AND d.starts_at = p.period_starts_at
    WHERE p.team_id = $1::uuid ORDER BY p.id`,
}

/** Returns the periods of all of the team's pools, locked until the transaction ends. */
export async function lockPeriods(query: Query, teamId: string): Promise<PoolPeriod[]> {
  await query(LOCK, [teamId])
  return query<PoolPeriod>(READ, [teamId])
}

/** Whether a subscription's payment for this period pays the pool's present one. Nobody pays for free. */
export function belongsTo({ start, plan }: PoolPeriod, period: BillingPeriod): boolean {
  return start !== null && plan !== "free" && start >= period.start && start < period.end
}
