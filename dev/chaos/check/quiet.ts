import type { Client } from "pg"
import { HOUR_MS } from "@/lib/clock"
import type { ControlClient } from "@/stand-in/control/client"
import { pause } from "../people/ask"

const TIMEOUT_MS = 10 * 60_000
const LOOK_MS = 500
/** How many looks in a row must find nothing left to do. */
const CALM_LOOKS = 3

export type Left = { deliveries: number; jobs: number; running: number }

/**
 * Waits until Stripe has nothing left to deliver and the queue nothing to do now. Retries of webhooks and jobs run at
 * once instead of after hours.
 */
export async function untilQuiet(
  { sql, stripe }: { sql: Client; stripe: ControlClient },
  onLook: (left: Left) => void,
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS
  for (let calm = 0; calm < CALM_LOOKS; ) {
    if (Date.now() > deadline) throw new Error("It did not become quiet")
    const left = await look(sql, stripe)
    onLook(left)
    const isQuiet = left.deliveries === 0 && left.jobs === 0 && left.running === 0
    calm = isQuiet ? calm + 1 : 0
    if (left.deliveries > 0) await stripe.advance(HOUR_MS)
    if (left.jobs > 0)
      await sql.query(`UPDATE graphile_worker._private_jobs SET run_at = now()
        WHERE is_available AND attempts > 0 AND run_at > now()`)
    await pause(LOOK_MS)
  }
}

/** Settles every purchase that waits for its last look now, as if its time were over. */
export async function endTheTimeOfPurchases(sql: Client): Promise<number> {
  const { rowCount } = await sql.query(`UPDATE graphile_worker._private_jobs j SET run_at = now()
    FROM graphile_worker._private_tasks t WHERE t.id = j.task_id AND t.identifier = 'settle-purchase' AND j.locked_at IS NULL`)
  return rowCount ?? 0
}

/** A job that was requested again while it ran was replaced. Its remainder never runs and isn't available. */
export async function look(sql: Client, stripe: ControlClient): Promise<Left> {
  const { waiting } = await stripe.backlog()
  const { rows } = await sql.query<{ jobs: number; running: number }>(`
    SELECT count(*) FILTER (WHERE is_available AND (attempts > 0 OR run_at <= now()))::int AS jobs,
      count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running
    FROM graphile_worker._private_jobs`)
  const [row] = rows
  if (!row) throw new Error("The queue was not counted")
  return { deliveries: waiting, ...row }
}
