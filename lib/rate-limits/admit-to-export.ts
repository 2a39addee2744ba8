import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { type Asker, takeOfEach } from "./take-of-each"

export const EXPORT_WINDOW_MS = 10 * MINUTE_MS
/** Enough for everybody who tries filters and formats, too few for a script that never stops. */
export const EXPORT_LIMITS = { user: 30, team: 60, address: 120 } as const

/**
 * Counts one more export. Throws `TooManyAttemptsError` when its person, team or address has used up this window. How
 * many run at once is another limit, of each process.
 */
export async function admitToExport(tx: Tx, asker: Asker, now: Date): Promise<void> {
  await takeOfEach(tx, { name: "export", limits: EXPORT_LIMITS, windowMs: EXPORT_WINDOW_MS }, asker, now)
}
