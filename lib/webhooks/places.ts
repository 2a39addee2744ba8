import type { Db } from "@/lib/db/client"
import { perProcess } from "@/lib/per-process"
import type { EndpointRef } from "./store"

/** Two thirds of what a worker sends to at once. The rest is for endpoints that are known to answer quickly. */
export const UNPROVEN_AT_ONCE = 16
/** One slow answer counts until this many events have been answered quickly since. */
const LATEST = 20

/** Whether the endpoint answered all of its recent events quickly. False if it had none. */
export async function answersQuickly(
  db: Db,
  { teamId, endpointId }: EndpointRef,
  slowMs: number,
): Promise<boolean> {
  const [row] = await db.$queryRaw<{ isQuick: boolean | null }[]>`
    SELECT bool_and(t.took_ms <= ${slowMs}) AS "isQuick" FROM (
      SELECT team_id, id FROM webhook_deliveries WHERE team_id = ${teamId}::uuid AND endpoint_id = ${endpointId}::uuid
      ORDER BY created_at DESC, id DESC LIMIT ${LATEST}
    ) d JOIN webhook_tries t ON t.team_id = d.team_id AND t.delivery_id = d.id`
  return row?.isQuick ?? false
}

/**
 * Takes one of this process's places for unproven endpoints. Returns a function that gives it back, or null when all
 * are taken.
 */
export function takePlace(): (() => void) | null {
  const places = perProcess("webhook-places", () => ({ taken: 0 }))
  if (places.taken >= UNPROVEN_AT_ONCE) return null
  places.taken += 1
  return () => {
    places.taken -= 1
  }
}
