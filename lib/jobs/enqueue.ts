import type { Tx } from "@/lib/db/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import type { Crossing } from "@/lib/ledger/crossing"

/** Every job there is, and what it needs to know. Payloads carry ids only: a job reads the rest when it runs. */
export type Jobs = {
  "process-stripe-event": { eventId: string }
  "settle-purchase": { teamId: string; purchaseId: string }
  "pay-with-default": { teamId: string }
  "tell-balance": { teamId: string; poolId: string; crossing: Crossing }
}

type Options = {
  /** A waiting job with the same key is replaced instead of added again. */
  key: string
  runAt?: Date
  maxAttempts?: number
}

const ADD_JOB: Statement = {
  name: "add_job",
  text: `SELECT graphile_worker.add_job($1::text, payload := $2::text::json, run_at := $3::timestamptz,
    max_attempts := $4::integer, job_key := $5::text)::text`,
}

/** Adds a job in the transaction of its cause: it exists exactly if the cause was committed. */
export async function enqueueJob<Name extends keyof Jobs>(
  tx: Tx,
  name: Name,
  payload: Jobs[Name],
  options: Options,
): Promise<void> {
  await enqueueJobBy(queryIn(tx), name, payload, options)
}

/** The same for a cause that is written through a query. */
export async function enqueueJobBy<Name extends keyof Jobs>(
  query: Query,
  name: Name,
  payload: Jobs[Name],
  { key, runAt, maxAttempts = 25 }: Options,
): Promise<void> {
  await query(ADD_JOB, [name, JSON.stringify(payload), runAt ?? null, maxAttempts, key])
}
