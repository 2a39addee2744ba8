import type { Tx } from "@/lib/db/client"

/** Every job there is, and what it needs to know. Payloads carry ids only: a job reads the rest when it runs. */
export type Jobs = {
  "process-stripe-event": { eventId: string }
  "settle-purchase": { teamId: string; purchaseId: string }
}

type Options = {
  /** A waiting job with the same key is replaced instead of added again. */
  key: string
  runAt?: Date
  maxAttempts?: number
}

/** Adds a job in the transaction of its cause: it exists exactly if the cause was committed. */
export async function enqueueJob<Name extends keyof Jobs>(
  tx: Tx,
  name: Name,
  payload: Jobs[Name],
  { key, runAt, maxAttempts = 25 }: Options,
): Promise<void> {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(
      ${name}::text, payload := ${JSON.stringify(payload)}::json, run_at := ${runAt ?? null}::timestamptz,
      max_attempts := ${maxAttempts}::integer, job_key := ${key}::text)`
}
