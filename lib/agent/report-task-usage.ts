import type { Consumable } from "@/lib/catalog/schema"
import { isLostKeyRace } from "@/lib/db/failures"
import { ConflictError } from "@/lib/errors"
import { inLockedPool, requireTeam } from "@/lib/metering/current-pool"
import { IdempotencyKeyReusedError, InsufficientCreditsError } from "@/lib/metering/errors"
import { reduceHold, requireHold } from "@/lib/metering/holds"
import { LimitBook } from "@/lib/metering/limit-book"
import type { Metering } from "@/lib/metering/metering"
import { noteRefusal } from "@/lib/metering/note-refusal"
import { planSpends, priceInPool, type Receipt } from "@/lib/metering/plan-spends"
import { postPlan } from "@/lib/metering/post-plan"
import { readLimitsOf } from "@/lib/metering/read-limits-of"
import { readReceipts } from "@/lib/metering/read-receipts"
import { meterTerms } from "@/lib/metering/resolve-payer"
import { lowThresholdOf, meterOf, type TeamContext } from "@/lib/metering/team-context"
import { usageKey } from "@/lib/metering/usage-key"
import { least } from "@/lib/money/least"
import { lockTask, requireTask } from "./tasks"
import { withRun } from "./with-run"

export type TaskUsage = {
  taskId: string
  key: string
  consumable: Consumable
  quantity: bigint
  occurredAt: Date | null
  metadata: string | null
  apiKeyId: string | null
  authorise: (team: TeamContext) => void
}

/**
 * Charges usage of a running task to its payer, first from what was set aside for it. All or nothing, like any usage:
 * without enough credits the usage is refused and the task goes on.
 */
export async function reportTaskUsage(
  metering: Metering,
  teamId: string,
  usage: TaskUsage,
  now: Date,
): Promise<{ receipt: Receipt; replayed: boolean }> {
  const team = await requireTeam(metering, teamId)
  usage.authorise(team)
  const { query } = metering.connections
  const { poolId, trigger, memberId } = await requireTask(query, teamId, usage.taskId)
  const cause = { trigger, user: memberId, apiKeyId: usage.apiKeyId }
  const meter = await meterOf(query, team, meterTerms(usage.consumable, cause, memberId))
  const { key, print } = usageKey(usage.key, askedOf(usage))
  const { quantity } = usage
  const metadata = withRun(usage.metadata, usage.taskId)
  const request = { key, print, meter, quantity, reportedAt: usage.occurredAt, metadata }
  const charge = () =>
    inLockedPool(metering, team, poolId, now, async (tx, state) => {
      const known = (await readReceipts(tx, teamId, [key])).get(key)
      if (known) {
        if (known.print !== print) throw new IdempotencyKeyReusedError()
        return { receipt: known.receipt, replayed: true }
      }
      const task = await lockTask(tx, teamId, usage.taskId)
      if (task.state !== "IN_PROGRESS")
        throw new ConflictError(`This task is ${task.state}, not IN_PROGRESS.`)
      const hold = task.holdId === null ? null : await requireHold(tx, teamId, task.holdId)
      const fromHoldNanos = hold ? least(hold.leftNanos, priceInPool(state, meter, quantity).costNanos) : 0n
      const before = { ...state, heldNanos: state.heldNanos - fromHoldNanos }
      const covered = { nanos: fromHoldNanos, limitIds: hold?.limitIds ?? [] }
      const { limits: states, ...own } = await readLimitsOf(tx, team, meter, now, { lock: true })
      const limits = new LimitBook(states)
      limits.release(covered)
      if (hold && fromHoldNanos > 0n) {
        // Adds one more revision to the pool. A refusal below rolls it back with the rest.
        await reduceHold(tx, teamId, hold, { status: "open", amountNanos: fromHoldNanos }, now)
        before.revision += 1n
      }
      const asked = { ...request, ...own, covered }
      const plan = planSpends(before, [asked], lowThresholdOf(team, poolId), team.topUps.has(poolId), limits)
      const [outcome] = plan.outcomes
      if (!outcome) throw new Error("One request has one outcome")
      if ("refusal" in outcome) throw new InsufficientCreditsError(outcome.refusal, poolId)
      await postPlan(tx, team, now, plan)
      return { receipt: outcome.receipt, replayed: false }
    })
  try {
    return await charge()
  } catch (error) {
    if (error instanceof InsufficientCreditsError) await noteRefusal(query, team, error, now)
    // Another request used the same key at the same time. It can be read now.
    if (!isLostKeyRace(error)) throw error
    return charge()
  }
}

function askedOf({ taskId, consumable, quantity, occurredAt, metadata, apiKeyId }: TaskUsage): string {
  return JSON.stringify([
    taskId,
    consumable,
    String(quantity),
    occurredAt?.getTime() ?? null,
    metadata,
    apiKeyId,
  ])
}
