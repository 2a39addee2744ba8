import type { Actor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { TooManyAttemptsError } from "@/lib/errors"
import { enqueueJob } from "@/lib/queue/enqueue"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { chooseSince } from "./reconcile"
import { insertRun } from "./store"

const RUNS_AN_HOUR = 12

/**
 * Requests a comparison of the team's own payments with Stripe, as soon as a worker is free. A repeated request while
 * it waits or runs is the same run.
 */
export async function requestReconciliation(
  { db, now, actor }: { db: Db; now: Date; actor: Actor },
  teamId: string,
): Promise<void> {
  const since = await chooseSince(db, teamId, now)
  await db.$transaction(async (tx) => {
    const runId = await insertRun(tx, { teamId, trigger: "manual", since, now })
    if (!runId) return
    await takeAttempt(
      tx,
      { subject: `reconcile:${teamId}`, limit: RUNS_AN_HOUR, windowMs: HOUR_MS },
      now,
    ).catch((error: unknown) => {
      if (!(error instanceof TooManyAttemptsError)) throw error
      throw new TooManyAttemptsError("Your team has asked for many checks lately. Try again in an hour.")
    })
    await recordEvent(tx, { teamId, actor, kind: "reconciliation.requested" }, now)
    await enqueueJob(tx, "reconcile-team", { runId }, { key: `reconcile:${teamId}` })
  })
}
