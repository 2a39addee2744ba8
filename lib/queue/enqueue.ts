import type { Tx } from "@/lib/db/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import { JOBS, type JobName, type Payload } from "./jobs"

/** Everything that waits for one payment is one job, whoever enqueues it. */
export const stripeEventsKey = (subjectId: string) => `stripe-events:${subjectId}`

type Options = {
  /** Replaces a waiting job with the same key instead of adding another. */
  key: string
  runAt?: Date
}

const ENQUEUE_JOB: Statement = {
  name: "enqueue_job",
  text: "SELECT enqueue_job($1, $2::text::json, $3, $4::integer, $5::timestamptz)",
}

/** Adds a job in the transaction of its cause, so that the job exists exactly if the cause was committed. */
export async function enqueueJob<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: Payload<Name>,
  options: Options,
): Promise<void> {
  await enqueueJobBy(queryIn(tx), name, payload, options)
}

/** Does the same for a cause that is written through a query. */
export async function enqueueJobBy<Name extends JobName>(
  query: Query,
  name: Name,
  payload: Payload<Name>,
  { key, runAt }: Options,
): Promise<void> {
  await query(ENQUEUE_JOB, [name, JSON.stringify(payload), key, JOBS[name].maxAttempts, runAt ?? null])
}

/**
 * Writes a cause and adds its job in one statement, which is one transaction and one round trip: for causes that come in
 * thousands. The cause returns a row if there is a job to do. Returns whether it did.
 */
export async function enqueueOnWrite<Name extends JobName>(
  query: Query,
  cause: { statement: Statement; values: unknown[] },
  name: Name,
  payload: Payload<Name>,
  { key }: Pick<Options, "key">,
): Promise<boolean> {
  const { statement, values } = cause
  const [$name, $payload, $key, $attempts] = [1, 2, 3, 4].map((n) => `$${values.length + n}`)
  const text = `WITH cause AS (${statement.text})
    SELECT enqueue_job(${$name}, ${$payload}::text::json, ${$key}, ${$attempts}::integer)::text FROM cause`
  const all = [...values, name, JSON.stringify(payload), key, JOBS[name].maxAttempts]
  return (await query({ name: `${statement.name}_enqueue`, text }, all)).length > 0
}
