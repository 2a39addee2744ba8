import type { Tx } from "@/lib/db/client"
import type { ReconciliationTrigger } from "@/lib/db/generated/enums"

/** A run whose process has been silent this long has died. */
const DEAD_AFTER_S = 60
/** A request that no worker has begun for this long lost its job, for instance with a restored database. */
const FORGOTTEN_AFTER_S = 3_600

/** Null: the whole Stripe account. */
export type Scope = { teamId: string | null }

/** Ends the scope's runs whose process died, so that they don't block a new one. */
async function endDeadRuns(tx: Tx, { teamId }: Scope, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE reconciliation_runs SET status = 'failed', finished_at = ${now}, failure = 'The check was interrupted.'
    WHERE team_id IS NOT DISTINCT FROM ${teamId}::uuid
      AND ((status = 'running' AND alive_at < now() - make_interval(secs => ${DEAD_AFTER_S}))
        OR (status = 'waiting' AND requested_at < ${now}::timestamptz - make_interval(secs => ${FORGOTTEN_AFTER_S})))`
}

/** Records that a run is wanted. Null when one of the same scope waits or runs. */
export async function insertRun(
  tx: Tx,
  run: Scope & { trigger: ReconciliationTrigger; since: Date | null; now: Date },
): Promise<string | null> {
  await endDeadRuns(tx, run, run.now)
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO reconciliation_runs (team_id, trigger, status, since, requested_at)
    VALUES (${run.teamId}::uuid, ${run.trigger}::reconciliation_trigger, 'waiting', ${run.since}, ${run.now})
    ON CONFLICT (team_id) WHERE status IN ('waiting', 'running') DO NOTHING RETURNING id`
  return rows[0]?.id ?? null
}

export type BegunRun = Scope & { id: string; attempt: number; since: Date | null; startedAt: Date }

/** Begins a waiting run, or restarts one whose process died. Null when it has ended or another process has it. */
export async function beginRun(tx: Tx, runId: string, now: Date): Promise<BegunRun | null> {
  const [run] = await tx.$queryRaw<BegunRun[]>`
    UPDATE reconciliation_runs SET status = 'running', attempt = attempt + 1, started_at = ${now}, alive_at = now(),
      counted = 0, matched = 0, repaired = 0, differences = 0
    WHERE id = ${runId}::uuid
      AND (status = 'waiting' OR (status = 'running' AND alive_at < now() - make_interval(secs => ${DEAD_AFTER_S})))
    RETURNING id, team_id AS "teamId", attempt, since, started_at AS "startedAt"`
  if (!run) return null
  await tx.$executeRaw`DELETE FROM reconciliation_results WHERE run_id = ${runId}::uuid`
  await forgetSeen(tx, runId)
  return run
}

/** Another process took the run over, because this one seemed dead. */
export class RunLostError extends Error {}

export type Figures = { counted: number; matched: number; repaired: number; differences: number }

/** Shows that the run's process is alive, and adds its findings. Throws if the run no longer belongs to this process. */
export async function keepRun(tx: Tx, { id, attempt }: BegunRun, found: Figures): Promise<void> {
  const kept = await tx.$executeRaw`
    UPDATE reconciliation_runs SET alive_at = now(), counted = counted + ${found.counted},
      matched = matched + ${found.matched}, repaired = repaired + ${found.repaired},
      differences = differences + ${found.differences}
    WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'running'`
  if (kept === 0) throw new RunLostError("Another process has taken this run over")
}

export async function endRun(
  tx: Tx,
  { id, attempt }: BegunRun,
  end: { status: "finished"; failure: null } | { status: "failed"; failure: string },
  now: Date,
): Promise<void> {
  await tx.reconciliationRun.updateMany({
    where: { id, attempt, status: "running" },
    data: { ...end, finishedAt: now },
  })
  await forgetSeen(tx, id)
}

export async function addTeamFigures(
  tx: Tx,
  { id }: BegunRun,
  teamId: string,
  { counted, matched, repaired, differences }: Figures,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO reconciliation_results AS r (team_id, run_id, counted, matched, repaired, differences)
    VALUES (${teamId}::uuid, ${id}::uuid, ${counted}, ${matched}, ${repaired}, ${differences})
    ON CONFLICT (team_id, run_id) DO UPDATE SET counted = r.counted + EXCLUDED.counted,
      matched = r.matched + EXCLUDED.matched, repaired = r.repaired + EXCLUDED.repaired,
      differences = r.differences + EXCLUDED.differences`
}

export async function noteSeen(
  tx: Tx,
  { id }: BegunRun,
  seen: { teamId: string; objectId: string }[],
): Promise<void> {
  await tx.reconciliationSeen.createMany({
    data: seen.map(({ teamId, objectId }) => ({ teamId, runId: id, objectId })),
    skipDuplicates: true,
  })
}

async function forgetSeen(tx: Tx, runId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM reconciliation_seen WHERE run_id = ${runId}::uuid`
}
