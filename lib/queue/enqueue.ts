import type { Tx } from "@/lib/db/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import type { Crossing } from "@/lib/ledger/crossing"

/** Every job there is and its payload. Payloads carry ids only: a job reads the rest when it runs. */
export type Jobs = {
  "process-stripe-events": { subjectId: string }
  "settle-purchase": { teamId: string; purchaseId: string }
  "pay-with-default": { teamId: string }
  "reconcile-team": { runId: string }
  "top-up-pool": { teamId: string; poolId: string }
  "invoice-top-up": { teamId: string; purchaseId: string }
  /** `revision`: of the pool when it fell, which tells one fall from the next. */
  "tell-balance": {
    teamId: string
    poolId: string
    crossing: Crossing
    revision: string
    isSecondLook?: boolean | undefined
  }
  "fan-out-notification": { teamId: string; notificationId: string }
  "deliver-webhooks": { teamId: string; endpointId: string }
  "mail-notification": { teamId: string; notificationId: string; memberId: string }
}

/** Everything that waits for one payment is one job, whoever enqueues it. */
export const stripeEventsKey = (subjectId: string) => `stripe-events:${subjectId}`

const MAX_ATTEMPTS = 25

type Options = {
  /** A waiting job with the same key is replaced instead of added again. */
  key: string
  runAt?: Date
  maxAttempts?: number
}

const ENQUEUE_JOB: Statement = {
  name: "enqueue_job",
  text: "SELECT enqueue_job($1, $2::text::json, $3, $4::integer, $5::timestamptz)",
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

/** Does the same for a cause that is written through a query. */
export async function enqueueJobBy<Name extends keyof Jobs>(
  query: Query,
  name: Name,
  payload: Jobs[Name],
  { key, runAt, maxAttempts = MAX_ATTEMPTS }: Options,
): Promise<void> {
  await query(ENQUEUE_JOB, [name, JSON.stringify(payload), key, maxAttempts, runAt ?? null])
}

/**
 * Writes a cause and adds its job in one statement, which is one transaction and one round trip: for causes that come in
 * thousands. The cause returns a row if there is a job to do. Returns whether it did.
 */
export async function enqueueOnWrite<Name extends keyof Jobs>(
  query: Query,
  cause: { statement: Statement; values: unknown[] },
  name: Name,
  payload: Jobs[Name],
  { key }: Pick<Options, "key">,
): Promise<boolean> {
  const { statement, values } = cause
  const [$name, $payload, $key, $attempts] = [1, 2, 3, 4].map((n) => `$${values.length + n}`)
  const text = `WITH cause AS (${statement.text})
    SELECT enqueue_job(${$name}, ${$payload}::text::json, ${$key}, ${$attempts}::integer)::text FROM cause`
  const all = [...values, name, JSON.stringify(payload), key, MAX_ATTEMPTS]
  return (await query({ name: `${statement.name}_enqueue`, text }, all)).length > 0
}
