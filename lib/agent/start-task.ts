import type { Consumable } from "@/lib/catalog/schema"
import { newId } from "@/lib/ids"
import { availableNanos } from "@/lib/ledger/pool-state"
import { readCurrentPool, requireTeam } from "@/lib/metering/current-pool"
import { IdempotencyKeyReusedError, InsufficientCreditsError } from "@/lib/metering/errors"
import type { Metering } from "@/lib/metering/metering"
import { MAX_HOLD_MS, openHold } from "@/lib/metering/open-hold"
import { type Cause, resolvePayer } from "@/lib/metering/resolve-payer"
import type { TeamContext } from "@/lib/metering/team-context"
import { usageKey } from "@/lib/metering/usage-key"
import { type AgentTask, findTask, insertTask, moveTask, requireTask } from "./tasks"

export type TaskRequest = {
  /** Chosen by the caller: the same key is the same task. Null: each request is another task. */
  key: string | null
  title: string
  cause: Cause
  /** What the run is expected to use, if that is known: as much is set aside. */
  estimate: { consumable: Consumable; quantity: bigint } | null
  authorise: (team: TeamContext) => void
  /** The problem document that the task keeps when nobody can pay for it. */
  describe: (error: InsufficientCreditsError, team: TeamContext) => Record<string, unknown>
}

/**
 * Starts a run: the task is written first, then what it is expected to cost is set aside, for a day at most. Without
 * credits the task is FAILED, keeps the problem document, and is not tried again by itself.
 */
export async function startTask(
  metering: Metering,
  teamId: string,
  request: TaskRequest,
  now: Date,
): Promise<{ task: AgentTask; replayed: boolean }> {
  const { query } = metering.connections
  const team = await requireTeam(metering, teamId)
  request.authorise(team)
  const { poolId, memberId } = resolvePayer(team, request.cause)
  const { trigger, apiKeyId } = request.cause
  const requestPrint = printOf(request)
  const id = newId()
  const queued = { id, title: request.title, trigger, memberId, apiKeyId, poolId, requestPrint }
  await insertTask(query, teamId, { ...queued, requestKey: request.key }, now)
  const task =
    (request.key === null ? null : await findTask(query, teamId, request.key)) ??
    (await requireTask(query, teamId, id))
  if (task.requestPrint !== requestPrint) throw new IdempotencyKeyReusedError()
  const replayed = task.id !== id
  // A task that is still QUEUED was left by a process that ended between the two steps.
  if (task.state !== "QUEUED") return { task, replayed }
  try {
    const holdId = await reserve(metering, team, task, request, now)
    return { task: await moveTask(query, teamId, task.id, { state: "IN_PROGRESS", holdId }, now), replayed }
  } catch (error) {
    if (!(error instanceof InsufficientCreditsError)) throw error
    const failed = { state: "FAILED", error: request.describe(error, team) } as const
    return { task: await moveTask(query, teamId, task.id, failed, now), replayed }
  }
}

async function reserve(
  metering: Metering,
  team: TeamContext,
  task: AgentTask,
  { estimate, cause, authorise }: TaskRequest,
  now: Date,
): Promise<string | undefined> {
  if (estimate) {
    const request = { key: `\u0001task ${task.id}`, ...estimate, cause, lifeMs: MAX_HOLD_MS, authorise }
    return (await openHold(metering, team.teamId, request, now)).hold.id
  }
  // Nothing to set aside: it may start if anything at all is left to pay with.
  const state = await readCurrentPool(metering, team, task.poolId, now)
  const hasAllowance = [...state.allowances.values()].some((left) => left > 0n)
  const isInDebt = state.debtNanos > 0n
  if (isInDebt || (availableNanos(state) <= 0n && !hasAllowance))
    throw new InsufficientCreditsError(
      {
        reason: isInDebt ? "debt" : "pool_empty",
        requiredNanos: 0n,
        availableNanos: availableNanos(state),
        renewsAt: state.periodEndsAt === null ? null : new Date(state.periodEndsAt),
      },
      task.poolId,
    )
  return undefined
}

function printOf({ title, cause, estimate }: TaskRequest): string {
  const asked = [
    title,
    cause.trigger,
    cause.user,
    cause.apiKeyId,
    estimate && [estimate.consumable, String(estimate.quantity)],
  ]
  return String(usageKey("", JSON.stringify(asked)).print)
}
