import type { Query, Statement } from "@/lib/db/query"
import { type PoolRef, readSettings } from "@/lib/top-up-settings/settings"
import { decideTopUp } from "./decide"
import type { Waiting } from "./outlook"
import { readState } from "./read-state"

const READ_CAP: Statement = {
  name: "auto_top_up_cap_and_due",
  text: `SELECT c.cap_nanos::text, c.version, (
      SELECT json_agg(s.pool_id ORDER BY s.due_at, s.pool_id) FROM auto_top_up_settings s
      WHERE s.team_id = c.team_id AND s.pool_id <> $2::uuid AND s.enabled AND s.due_at IS NOT NULL
    ) AS due_elsewhere FROM spend_caps c WHERE c.team_id = $1::uuid`,
}

type Row = { cap_nanos: string | null; version: number; due_elsewhere: string[] | null }

/**
 * Reads the team's cap and the other pools that are due and held back only by it. Raising the cap tops them up at
 * once.
 */
export async function readCap(
  query: Query,
  ref: PoolRef,
  now: Date,
): Promise<{ capNanos: bigint | null; version: number; waiting: Waiting[] }> {
  const [row] = await query<Row>(READ_CAP, [ref.teamId, ref.poolId])
  if (!row) throw new Error("The team has no cap")
  const capNanos = row.cap_nanos === null ? null : BigInt(row.cap_nanos)
  const waiting: Waiting[] = []
  for (const poolId of row.due_elsewhere ?? []) {
    const other = { teamId: ref.teamId, poolId }
    const settings = await readSettings(query, other)
    if (!settings) continue
    const { state } = await readState(query, other, settings, capNanos, now)
    const decision = decideTopUp(state, now)
    if (decision.kind === "no" && decision.reason === "cap_reached")
      waiting.push({ poolId, amountNanos: state.amountNanos })
  }
  return { capNanos, version: row.version, waiting }
}
