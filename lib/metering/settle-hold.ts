import type { Query, Statement } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import type { PoolState } from "@/lib/ledger/pool-state"
import { inLockedPool, requireTeam } from "./current-pool"
import { type Hold, reduceHold, requireHold } from "./holds"
import { LimitBook } from "./limit-book"
import type { Metering } from "./metering"
import { readMeter } from "./meters"
import { planSpends, type Receipt } from "./plan-spends"
import { postPlan } from "./post-plan"
import { readLimitsOf } from "./read-limits-of"
import { readReceipts } from "./read-receipts"
import { lowThresholdOf, type TeamContext } from "./team-context"
import { captureKey } from "./usage-key"

// Credits that the run didn't need may have lifted the pool.
const NOTE_RISE: Statement = {
  name: "ledger_note_rise",
  text: "SELECT ledger_note_rise($1::uuid, $2::uuid)",
}

type Ref = { holdId: string; authorise: (team: TeamContext) => void }

type Captured = { hold: Hold; receipt: Receipt; replayed: boolean }

/**
 * Charges what a run really used, first from what was set aside for it. Usage beyond what the pool holds isn't
 * charged: it is the receipt's shortfall. A repeated capture returns the same answer. Throws ConflictError for a
 * different one.
 */
export async function captureHold(
  metering: Metering,
  teamId: string,
  ref: Ref & { readQuantity: (hold: Hold) => bigint },
  now: Date,
): Promise<Captured> {
  return inHoldsPool(metering, teamId, ref, now, (query, team, state, hold) =>
    captureInPool(query, team, state, { hold, quantity: ref.readQuantity(hold), metadata: null }, now),
  )
}

/** The same for a hold that was read under its pool's lock, in the transaction that holds the lock. */
export async function captureInPool(
  query: Query,
  team: TeamContext,
  state: PoolState,
  { hold, quantity, metadata }: { hold: Hold; quantity: bigint; metadata: string | null },
  now: Date,
): Promise<Captured> {
  const { teamId } = team
  const { key, print } = captureKey(hold.id)
  if (hold.status === "captured") {
    if (hold.capturedQuantity !== quantity)
      throw new ConflictError("This hold was captured with another quantity.")
    const known = (await readReceipts(query, teamId, [key])).get(key)
    if (!known) throw new Error("A captured hold has its usage record")
    return { hold, receipt: { ...known.receipt, shortfallNanos: hold.shortfallNanos ?? 0n }, replayed: true }
  }
  requireOpen(hold)
  const meter = await readMeter(query, teamId, hold.meterNo)
  // The amount set aside is there for this usage. The reduction below is one more revision of the pool.
  const before = { ...state, heldNanos: state.heldNanos - hold.leftNanos, revision: state.revision + 1n }
  const covered = { nanos: hold.leftNanos, limitIds: hold.limitIds }
  const { limits: states, ...own } = await readLimitsOf(query, team, meter, now, { lock: true })
  const limits = new LimitBook(states)
  limits.release(covered)
  const request = {
    ...{ key, print, meter, quantity, reportedAt: null, metadata, takesWhatIsThere: true },
    ...own,
    covered,
  }
  const { poolId } = before
  const plan = planSpends(before, [request], lowThresholdOf(team, poolId), team.topUps.has(poolId), limits)
  const [outcome] = plan.outcomes
  if (!outcome || "refusal" in outcome) throw new Error("A capture takes what is there")
  const { shortfallNanos } = outcome.receipt
  await reduceHold(query, teamId, hold, { status: "captured", quantity, shortfallNanos }, now)
  await postPlan(query, team, now, plan)
  await query(NOTE_RISE, [teamId, poolId])
  return { hold: await requireHold(query, teamId, hold.id), receipt: outcome.receipt, replayed: false }
}

/**
 * Gives back what was set aside. A repeated call, or one after the hold expired, changes nothing. Throws
 * ConflictError after a capture.
 */
export async function releaseHold(metering: Metering, teamId: string, ref: Ref, now: Date): Promise<Hold> {
  return inHoldsPool(metering, teamId, ref, now, async (query, _team, _state, hold) => {
    if (hold.status === "captured") throw new ConflictError("This hold was captured.")
    if (hold.status !== "open") return hold
    await reduceHold(query, teamId, hold, { status: "released" }, now)
    return requireHold(query, teamId, hold.id)
  })
}

async function inHoldsPool<Result>(
  metering: Metering,
  teamId: string,
  { holdId, authorise }: Ref,
  now: Date,
  work: (query: Query, team: TeamContext, state: PoolState, hold: Hold) => Promise<Result>,
): Promise<Result> {
  const team = await requireTeam(metering, teamId)
  authorise(team)
  const { poolId } = await requireHold(metering.connections.query, teamId, holdId)
  return inLockedPool(metering, team, poolId, now, async (query, state) =>
    // Read again, because only under the lock does it stay as it is.
    work(query, team, state, await requireHold(query, teamId, holdId)),
  )
}

function requireOpen(hold: Hold): void {
  if (hold.status === "released") throw new ConflictError("This hold was released. Nothing was charged.")
  if (hold.status === "expired") throw new ConflictError("This hold has run out. Nothing was charged.")
}
