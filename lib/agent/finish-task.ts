import { ConflictError } from "@/lib/errors"
import { requireTeam } from "@/lib/metering/current-pool"
import type { Hold } from "@/lib/metering/holds"
import type { Metering } from "@/lib/metering/metering"
import type { Receipt } from "@/lib/metering/plan-spends"
import { captureHold, releaseHold } from "@/lib/metering/settle-hold"
import type { TeamContext } from "@/lib/metering/team-context"
import { type AgentTask, isFinished, moveTask, requireTask } from "./tasks"

type Ref = { taskId: string; authorise: (team: TeamContext) => void }

/**
 * Ends a run that came to its end. With a quantity, that much of what was estimated is charged, first from what was set
 * aside; the rest is given back. The same again answers the same; a task that ended otherwise is a ConflictError.
 */
export async function completeTask(
  metering: Metering,
  teamId: string,
  ref: Ref & { outcome: "SUCCEEDED" | "FAILED"; readQuantity: ((hold: Hold) => bigint) | null },
  now: Date,
): Promise<{ task: AgentTask; receipt: Receipt | null }> {
  const { task } = await requireRunning(metering, teamId, ref, ref.outcome)
  const { readQuantity, authorise } = ref
  let receipt: Receipt | null = null
  if (readQuantity) {
    if (task.holdId === null)
      throw new ConflictError(
        "Nothing was set aside for this task: it was started without an estimate. Report its usage instead.",
      )
    const capture = { holdId: task.holdId, authorise, readQuantity }
    receipt = (await captureHold(metering, teamId, capture, now)).receipt
  } else if (task.holdId !== null && !isFinished(task))
    await releaseHold(metering, teamId, { holdId: task.holdId, authorise }, now)
  return { task: await moved(metering, teamId, ref.taskId, ref.outcome, now), receipt }
}

/** Ends a run before its end and gives back what was set aside. Again changes nothing. */
export async function cancelTask(
  metering: Metering,
  teamId: string,
  ref: Ref,
  now: Date,
): Promise<AgentTask> {
  const { task } = await requireRunning(metering, teamId, ref, "CANCELLED")
  if (task.holdId !== null && !isFinished(task))
    await releaseHold(metering, teamId, { holdId: task.holdId, authorise: ref.authorise }, now)
  return moved(metering, teamId, ref.taskId, "CANCELLED", now)
}

/** The task, if it runs or has ended in just this state. */
async function requireRunning(
  metering: Metering,
  teamId: string,
  { taskId, authorise }: Ref,
  state: AgentTask["state"],
): Promise<{ team: TeamContext; task: AgentTask }> {
  const team = await requireTeam(metering, teamId)
  authorise(team)
  const task = await requireTask(metering.connections.query, teamId, taskId)
  return { team, task: requireState(task, state) }
}

async function moved(
  metering: Metering,
  teamId: string,
  taskId: string,
  state: "SUCCEEDED" | "FAILED" | "CANCELLED",
  now: Date,
): Promise<AgentTask> {
  return requireState(await moveTask(metering.connections.query, teamId, taskId, { state }, now), state)
}

function requireState(task: AgentTask, state: AgentTask["state"]): AgentTask {
  if (isFinished(task) && task.state !== state)
    throw new ConflictError(`This task has ended as ${task.state} already.`)
  return task
}
