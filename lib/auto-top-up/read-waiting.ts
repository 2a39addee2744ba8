import { Prisma } from "@/lib/db/generated/client"
import type { Query } from "@/lib/db/query"
import type { Read } from "@/lib/db/read-together"
import { type PoolRef, readSettings } from "@/lib/top-up-settings/settings"
import { decideTopUp } from "./decide"
import type { Waiting } from "./outlook"
import { readState } from "./read-state"

type Row = { capNanos: string | null; version: number; dueElsewhere: string[] | null }

export type Cap = {
  capNanos: bigint | null
  version: number
  /** The other pools that are due, the longest due first. */
  dueElsewhere: string[]
}

/** Reads the team's cap. */
export const capRead = ({ teamId, poolId }: PoolRef): Read<Cap> => ({
  rows: Prisma.sql`
    SELECT c.cap_nanos::text AS "capNanos", c.version, (
      SELECT json_agg(s.pool_id ORDER BY s.due_at, s.pool_id) FROM auto_top_up_settings s
      WHERE s.team_id = c.team_id AND s.pool_id <> ${poolId}::uuid AND s.enabled AND s.due_at IS NOT NULL
    ) AS "dueElsewhere" FROM spend_caps c WHERE c.team_id = ${teamId}::uuid`,
  toValue([row]: Row[]) {
    if (!row) throw new Error("The team has no cap")
    const { capNanos, version, dueElsewhere } = row
    return {
      capNanos: capNanos === null ? null : BigInt(capNanos),
      version,
      dueElsewhere: dueElsewhere ?? [],
    }
  },
})

/** Reads which other pools are held back only by the team's cap. Raising it tops them up at once. */
export async function readWaiting(
  query: Query,
  teamId: string,
  { capNanos, dueElsewhere }: Cap,
  now: Date,
): Promise<Waiting[]> {
  const waiting: Waiting[] = []
  for (const poolId of dueElsewhere) {
    const other = { teamId, poolId }
    const settings = await readSettings(query, other)
    if (!settings) continue
    const { state } = await readState(query, other, settings, capNanos, now)
    const decision = decideTopUp(state, now)
    if (decision.kind === "no" && decision.reason === "cap_reached")
      waiting.push({ poolId, amountNanos: state.amountNanos })
  }
  return waiting
}
