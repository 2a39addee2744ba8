import type { Query } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import type { PoolState } from "@/lib/ledger/pool-state"
import { inLockedPool, requireTeam } from "@/lib/metering/current-pool"
import { type Hold, reduceHold, requireHold } from "@/lib/metering/holds"
import type { Metering } from "@/lib/metering/metering"
import type { Receipt } from "@/lib/metering/plan-spends"
import { captureInPool } from "@/lib/metering/settle-hold"
import type { TeamContext } from "@/lib/metering/team-context"
import { type AgentTask, endTask, isFinished, lockTask, requireTask } from "./tasks"
import { withRun } from "./with-run"

type Ref = { taskId: string; authorise: (team: TeamContext) => void }
type Ended = "SUCCEEDED" | "FAILED" | "CANCELLED"

/**
 * Completes a run. Charges the given quantity, if any, first from what was set aside, and gives back the rest. A
 * repeated call returns the same answer. Throws ConflictError if the task ended otherwise.
 */
export async function completeTask(
  metering: Metering,
  teamId: string,
  ref: Ref & { outcome: "SUCCEEDED" | "FAILED"; readQuantity: ((hold: Hold) => bigint) | null },
  now: Date,
): Promise<{ task: AgentTask; receipt: Receipt | null }> {
  const { outcome, readQuantity } = ref
  return inTasksPool(metering, teamId, ref, outcome, now, async (query, team, state, { task, hold }) => {
    if (!readQuantity)
      return { task: await giveBackAndEnd(query, teamId, { task, hold }, outcome, now), receipt: null }
    if (!hold)
      throw new ConflictError(
        "Nothing was set aside for this task: it was started without an estimate. Report its usage instead.",
      )
    const capture = { hold, quantity: readQuantity(hold), metadata: withRun(null, task.id) }
    const { receipt } = await captureInPool(query, team, state, capture, now)
    return { task: await endTask(query, teamId, task, outcome, now), receipt }
  })
}

/** Cancels a run and gives back what is still set aside. A repeated call changes nothing. */
export async function cancelTask(
  metering: Metering,
  teamId: string,
  ref: Ref,
  now: Date,
): Promise<AgentTask> {
  return inTasksPool(metering, teamId, ref, "CANCELLED", now, (query, _team, _state, run) =>
    giveBackAndEnd(query, teamId, run, "CANCELLED", now),
  )
}

type Run = { task: AgentTask; hold: Hold | null }

/**
 * Works on a task that is running, or has ended in exactly this state, under its pool's lock. Hold and task commit
 * together, so no run is charged and left running.
 */
async function inTasksPool<Result>(
  metering: Metering,
  teamId: string,
  { taskId, authorise }: Ref,
  ended: Ended,
  now: Date,
  work: (query: Query, team: TeamContext, state: PoolState, run: Run) => Promise<Result>,
): Promise<Result> {
  const team = await requireTeam(metering, teamId)
  authorise(team)
  const { poolId } = await requireTask(metering.connections.query, teamId, taskId)
  return inLockedPool(metering, team, poolId, now, async (query, state) => {
    const task = await lockTask(query, teamId, taskId)
    if (isFinished(task) && task.state !== ended)
      throw new ConflictError(`This task has ended as ${task.state} already.`)
    const hold = task.holdId === null ? null : await requireHold(query, teamId, task.holdId)
    return work(query, team, state, { task, hold })
  })
}

/**
 * A hold that was released or captured by its own id, or has expired, has nothing to give back and keeps no run from
 * ending.
 */
async function giveBackAndEnd(
  query: Query,
  teamId: string,
  { task, hold }: Run,
  ended: Ended,
  now: Date,
): Promise<AgentTask> {
  if (hold?.status === "open") await reduceHold(query, teamId, hold, { status: "released" }, now)
  return endTask(query, teamId, task, ended, now)
}
