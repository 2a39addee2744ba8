import type { Consumable } from "@/lib/catalog/schema"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { isUniqueViolation } from "@/lib/db/failures"
import type { Query, Statement } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { availableNanos, type PoolState } from "@/lib/ledger/pool-state"
import { isLow } from "@/lib/pools/is-low"
import { enqueueFall } from "@/lib/queue/enqueue-fall"
import { inLockedPool, requireTeam } from "./current-pool"
import { IdempotencyKeyReusedError, InsufficientCreditsError } from "./errors"
import { findRefusal } from "./find-refusal"
import { findHold, type Hold, requireHold } from "./holds"
import { LimitBook } from "./limit-book"
import type { Metering } from "./metering"
import type { Meter } from "./meters"
import { noteRefusal } from "./note-refusal"
import { priceInPool } from "./plan-spends"
import { readLimitsOf } from "./read-limits-of"
import { type Cause, meterTerms, resolvePayer } from "./resolve-payer"
import { lowThresholdOf, meterOf, type TeamContext } from "./team-context"
import { tellOfLimits } from "./tell-of-limits"
import { usageKey } from "./usage-key"

export const DEFAULT_HOLD_MS = 15 * MINUTE_MS
export const MAX_HOLD_MS = 24 * HOUR_MS

export type HoldRequest = {
  /** Chosen by the caller: the same key is the same hold. Null makes each request another hold, which ends by itself. */
  key: string | null
  consumable: Consumable
  /** The run's expected usage. */
  quantity: bigint
  cause: Cause
  /** At most MAX_HOLD_MS. */
  lifeMs: number
  authorise: (team: TeamContext) => void
}

const OPEN_HOLD: Statement = {
  name: "ledger_open_hold",
  text: `SELECT ledger_open_hold($1::uuid, $2::uuid, $3::uuid, $4::integer, $5::bigint, $6::bigint, $7::text, $8::text,
    $9::timestamptz, $10::timestamptz)`,
}

/**
 * Sets aside, in the payer's pool, what the quantity would cost now beyond the allowance. Throws
 * InsufficientCreditsError when less is available, IdempotencyKeyReusedError when the key belongs to another hold. A
 * repeated request returns the hold in its present state.
 */
export async function openHold(
  metering: Metering,
  teamId: string,
  request: HoldRequest,
  now: Date,
): Promise<{ hold: Hold; replayed: boolean }> {
  const team = await requireTeam(metering, teamId)
  request.authorise(team)
  const { query } = metering.connections
  const { consumable, quantity, cause, lifeMs } = request
  const asked = JSON.stringify([
    consumable,
    String(quantity),
    cause.trigger,
    cause.user,
    cause.apiKeyId,
    lifeMs,
  ])
  const id = newId()
  const key = request.key ?? `\u0001${id}`
  const print = String(usageKey(key, asked).print)
  // Before the payer is resolved: an existing hold is returned even if its member has since left the team.
  const opened = request.key === null ? null : await findHold(query, teamId, key)
  if (opened) return { hold: sameRequest(opened, print), replayed: true }
  const { poolId, memberId } = resolvePayer(team, cause)
  const meter = await meterOf(query, team, meterTerms(consumable, cause, memberId))
  try {
    return await inLockedPool(metering, team, poolId, now, async (tx, state) => {
      const known = await findHold(tx, teamId, key)
      if (known) return { hold: sameRequest(known, print), replayed: true }
      await setAside(tx, team, state, { id, meter, quantity, key, print, lifeMs }, now)
      return { hold: await requireHold(tx, teamId, id), replayed: false }
    })
  } catch (error) {
    if (error instanceof InsufficientCreditsError) await noteRefusal(query, team, error, now)
    // The same key was used at the same time for another pool, under another lock.
    if (!isUniqueViolation(error, "holds_once_per_request")) throw error
    return { hold: sameRequest(await requireKnown(query, teamId, key), print), replayed: true }
  }
}

/**
 * Opens a hold in a pool that the transaction has locked. Throws InsufficientCreditsError, before anything is
 * written, when less is available than the quantity costs.
 */
export async function setAside(
  query: Query,
  team: TeamContext,
  state: PoolState,
  hold: { id: string; meter: Meter; quantity: bigint; key: string; print: string; lifeMs: number },
  now: Date,
): Promise<void> {
  const { id, meter, quantity, key, print, lifeMs } = hold
  const { teamId } = team
  const { poolId } = state
  const { limits: states, ...own } = await readLimitsOf(query, team, meter, now, { lock: true })
  const limits = new LimitBook(states)
  const { costNanos: amountNanos } = priceInPool(state, meter, quantity)
  const refusal = findRefusal(state, { meter, costNanos: amountNanos, ...own }, limits)
  if (refusal) throw new InsufficientCreditsError(refusal, poolId)
  limits.hold(own.limitIds, amountNanos)
  await tellOfLimits(query, team, poolId, limits.marks, now)
  const expiresAt = new Date(now.getTime() + lifeMs)
  await query(OPEN_HOLD, [teamId, id, poolId, meter.no, quantity, amountNanos, key, print, now, expiresAt])
  // A hold alone makes no pool due, but little may be left to pay with now.
  const leftNanos = availableNanos(state) - amountNanos
  if (!state.isLow && isLow(leftNanos, lowThresholdOf(team, poolId)))
    await enqueueFall(query, { teamId, poolId })
}

function sameRequest(hold: Hold, print: string): Hold {
  if (hold.requestPrint !== print) throw new IdempotencyKeyReusedError()
  return hold
}

async function requireKnown(query: Query, teamId: string, key: string): Promise<Hold> {
  const known = await findHold(query, teamId, key)
  if (!known) throw new Error("A hold's key is taken by a hold")
  return known
}
