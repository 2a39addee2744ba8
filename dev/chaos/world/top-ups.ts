import type { Client } from "pg"
import { saveSettings } from "@/lib/auto-top-up/save-settings"
import type { Db } from "@/lib/db/client"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { saveInput, topUpCtx } from "../../testing/auto-top-up"
import { addCard, customerOf } from "../../testing/payment-methods"
import type { TestTeam } from "../../testing/teams"
import type { ChaosTeam } from "./teams"
import { VISA } from "./topped-up"

/** Adds a card to each team that has a pool to top up, and turns auto top-up on as its Owner would. */
export async function turnTopUpsOn(
  world: { db: Db; stripe: { url: string } },
  teams: ChaosTeam[],
): Promise<void> {
  for (const team of teams) {
    const { topUp } = team
    if (!topUp) continue
    const owned: TestTeam = { ...team, member: { ...team.owner, ...topUp } }
    await addCard(world, owned, topUp.card)
    topUp.customer = await customerOf(world, owned)
    const amountNanos = BigInt(topUp.cents) * NANOS_PER_CENT
    const input = {
      poolId: topUp.poolId,
      enabled: true,
      thresholdNanos: amountNanos,
      amountNanos,
      capNanos: null,
    }
    await saveSettings(topUpCtx(world, owned), await saveInput(world, owned, input))
  }
}

/** Lets an hour and a day pass for finished top-ups, because a run is days of them. */
export async function liftTopUpLimits(sql: Client): Promise<void> {
  // In one message, because this connection has other users. Nothing else may change a purchase's request.
  await sql.query(`BEGIN; SET LOCAL session_replication_role = replica;
    UPDATE purchases SET created_at = created_at - interval '1 day'
      WHERE kind = 'auto_top_up' AND status IN ('succeeded', 'failed', 'cancelled') AND created_at > now() - interval '1 day';
    UPDATE auto_top_up_settings SET failed_at = failed_at - interval '1 hour' WHERE failed_at > now() - interval '1 hour';
    COMMIT`)
}

/** Looks for missed top-ups now instead of in the next minute. */
export async function sweep(sql: Client): Promise<void> {
  await sql.query("SELECT graphile_worker.add_job('sweep-top-ups', '{}', job_key => 'sweep-top-ups')")
}

/**
 * Checks once all is quiet: no pool with a working card is low because of usage, unless a dispute has paused it or
 * its plan isn't paid, and no top-up is under way except those that wait for a person. A refund is nobody's usage, so
 * a pool may stay low after one.
 */
export async function findLeftLow(sql: Client, teams: ChaosTeam[]): Promise<string[]> {
  const healthy = teams.flatMap(({ topUp }) => (topUp?.card === VISA ? [topUp.poolId] : []))
  const { rows } = await sql.query<{ finding: string }>(
    `SELECT 'pool ' || p.id || ' was left low by usage, with ' || p.credits_nanos || ' nanos' AS finding
      FROM pools p JOIN auto_top_up_settings s ON s.team_id = p.team_id AND s.pool_id = p.id
      WHERE p.id = ANY($1::uuid[]) AND p.credits_nanos + p.included_nanos - p.held_nanos <= s.threshold_nanos
        AND s.paused_at IS NULL AND p.withheld_nanos = 0
        AND (SELECT e.kind FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no ORDER BY e.seq DESC LIMIT 1) = 'consumption'
    UNION ALL SELECT 'top-up ' || id || ' was left ' || status FROM purchases
      WHERE kind = 'auto_top_up' AND status IN ('created', 'open', 'processing') AND NOT needs_authentication`,
    [healthy],
  )
  return rows.map(({ finding }) => finding)
}

/** Counts all top-ups by status. */
export async function countTopUps(sql: Client): Promise<Record<string, number>> {
  const { rows } = await sql.query<{ status: string; count: number }>(
    `SELECT CASE WHEN needs_authentication AND status = 'open' THEN 'waiting for a person' ELSE status::text END AS status,
      count(*)::int FROM purchases WHERE kind = 'auto_top_up' GROUP BY 1 ORDER BY 1`,
  )
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}
