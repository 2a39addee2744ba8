import type { Consumable } from "@/lib/catalog/schema"
import { isUniqueViolation } from "@/lib/db/failures"
import type { Query } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import type { PoolState } from "@/lib/ledger/pool-state"
import { inLockedPool, requireTeam } from "@/lib/metering/current-pool"
import { IdempotencyKeyReusedError, InsufficientCreditsError } from "@/lib/metering/errors"
import type { Metering } from "@/lib/metering/metering"
import type { Meter } from "@/lib/metering/meters"
import { noteRefusal } from "@/lib/metering/note-refusal"
import { MAX_HOLD_MS, setAside } from "@/lib/metering/open-hold"
import { requireAnything } from "@/lib/metering/require-anything"
import { type Cause, meterTerms, resolvePayer } from "@/lib/metering/resolve-payer"
import { meterOf, type TeamContext } from "@/lib/metering/team-context"
import type { LimitedTerms } from "@/lib/metering/team-limits"
import { usageKey } from "@/lib/metering/usage-key"
import { type AgentTask, type Beginning, findTask, insertTask } from "./tasks"

export type TaskRequest = {
  /** Chosen by the caller: the same key is the same task. Null makes each request another task. */
  key: string | null
  title: string
  cause: Cause
  /** The run's expected usage, if known. That much is set aside. */
  estimate: { consumable: Consumable; quantity: bigint } | null
  authorise: (team: TeamContext) => void
  /** Builds the problem document that the task keeps when nobody can pay for it. */
  toDocument: (error: InsufficientCreditsError, team: TeamContext) => Record<string, unknown>
}

/**
 * Starts a run. Sets its expected cost aside, for a day at most, and makes the task IN_PROGRESS. Without credits the
 * task is written as FAILED with the problem document and isn't retried by itself. While a top-up that would let it
 * start is on its way, nothing is written, and InsufficientCreditsError says when to send the same request again.
 * Hold and task commit together under the pool's lock, so nothing is set aside for a task that doesn't exist. A
 * repeated request returns the task in its present state.
 */
export async function startTask(
  metering: Metering,
  teamId: string,
  request: TaskRequest,
  now: Date,
): Promise<{ task: AgentTask; replayed: boolean }> {
  const { query } = metering.connections
  const { key, title, cause, estimate } = request
  const team = await requireTeam(metering, teamId)
  request.authorise(team)
  const print = printOf(request)
  // Before the payer is resolved: an existing task is returned even if its member has since left the team.
  const known = await findStarted(query, teamId, key, print)
  if (known) return { task: known, replayed: true }
  const { poolId, memberId } = resolvePayer(team, cause)
  const expected = estimate && {
    meter: await meterOf(query, team, meterTerms(estimate.consumable, cause, memberId)),
    quantity: estimate.quantity,
  }
  const { trigger, apiKeyId } = cause
  const id = newId()
  const terms = { trigger, memberId, apiKeyId }
  const asked = { id, title, trigger, memberId, apiKeyId, poolId, requestKey: key, requestPrint: print }
  const start = (toDocument: TaskRequest["toDocument"] | null) =>
    inLockedPool(metering, team, poolId, now, async (tx, state) => {
      const started = await findStarted(tx, teamId, key, print)
      if (started) return { task: started, replayed: true }
      const beginning = await begin(tx, team, state, { id, print, expected, terms, toDocument }, now)
      return { task: await insertTask(tx, teamId, asked, beginning, now), replayed: false }
    })
  try {
    return await start(null).catch(async (error) => {
      if (!(error instanceof InsufficientCreditsError)) throw error
      await noteRefusal(query, team, error, now)
      // With credits on their way, the same request starts the task a moment later, so nothing has failed yet.
      if (error.retryAfterMs !== null) throw error
      return start(request.toDocument)
    })
  } catch (error) {
    // The same key was used at the same time for another pool, under another lock. What was set aside here is rolled
    // back.
    if (!isUniqueViolation(error, "agent_tasks_once_per_request")) throw error
    const started = await findStarted(query, teamId, key, print)
    if (!started) throw error
    return { task: started, replayed: true }
  }
}

async function findStarted(
  query: Query,
  teamId: string,
  key: string | null,
  print: string,
): Promise<AgentTask | null> {
  const task = key === null ? null : await findTask(query, teamId, key)
  if (task && task.requestPrint !== print) throw new IdempotencyKeyReusedError()
  return task
}

async function begin(
  query: Query,
  team: TeamContext,
  state: PoolState,
  run: {
    id: string
    print: string
    expected: { meter: Meter; quantity: bigint } | null
    terms: LimitedTerms
    /** Null means that a run nobody can pay for isn't kept. */
    toDocument: TaskRequest["toDocument"] | null
  },
  now: Date,
): Promise<Beginning> {
  const { id, print, expected, terms, toDocument } = run
  try {
    if (!expected) {
      await requireAnything(query, team, state, terms, now)
      return { state: "IN_PROGRESS", holdId: null }
    }
    const holdId = newId()
    const hold = { id: holdId, ...expected, key: `\u0001task ${id}`, print, lifeMs: MAX_HOLD_MS }
    await setAside(query, team, state, hold, now)
    return { state: "IN_PROGRESS", holdId }
  } catch (error) {
    if (!(error instanceof InsufficientCreditsError) || !toDocument) throw error
    return { state: "FAILED", error: toDocument(error, team) }
  }
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
