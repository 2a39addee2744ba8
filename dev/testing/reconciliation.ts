import type { Db } from "@/lib/db/client"
import { type ReconcileCtx, reconcile } from "@/lib/reconciliation/reconcile"

export function reconcileCtx(db: Db, now?: Date): ReconcileCtx {
  return { db, clock: { now: () => now ?? new Date() }, expectLivemode: false }
}

/** Compares everything, as the scheduled job does the first time. Fails the test if it doesn't finish. */
export async function reconcileOnce(
  db: Db,
  asked: { teamId?: string; since?: Date | null; retryAllEvents?: boolean; now?: Date } = {},
) {
  const { now, ...rest } = asked
  const outcome = await reconcile(reconcileCtx(db, now), { trigger: "command", since: null, ...rest })
  if (outcome.status !== "finished") throw new Error(`The run ended as ${JSON.stringify(outcome)}`)
  return outcome
}

/** Returns a full run's findings about one team, so that other tests' payments don't count. */
export async function reconcileFor(db: Db, team: { id: string }, asked: { now?: Date } = {}) {
  const { runId } = await reconcileOnce(db, asked)
  return figuresOf(db, team, runId)
}

export async function figuresOf(db: Db, team: { id: string }, runId: string) {
  const result = await db.reconciliationResult.findUnique({
    where: { teamId_runId: { teamId: team.id, runId } },
  })
  const { counted = 0, matched = 0, repaired = 0, differences = 0 } = result ?? {}
  return { counted, matched, repaired, differences }
}
