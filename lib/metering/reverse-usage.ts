import { isLarger } from "@/lib/billing/raised-credits"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Consumable } from "@/lib/catalog/schema"
import { DAY_MS } from "@/lib/clock"
import { isUniqueViolation } from "@/lib/db/failures"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import {
  findReversal,
  findReversibleRecord,
  postReversal,
  type ReversibleRecord,
  type UsageReversal,
} from "@/lib/ledger/reversals"
import { announce } from "@/lib/live/announce"
import { inLockedPool, requireTeam } from "./current-pool"
import { IdempotencyKeyReusedError, ReversalRefusedError } from "./errors"
import type { Metering } from "./metering"
import { formatQuantity } from "./quantity"
import type { TeamContext } from "./team-context"
import { captureKey, usageKey } from "./usage-key"

/** Usage can be reversed for as long after its report as it could be reported after it happened. */
export const REVERSAL_DAYS = 35

export type ReversalRequest = {
  /** Chosen by the caller: the same key is the same reversal. */
  requestKey: string
  /** The record's own key, or the hold whose capture it is. */
  record: { key: string } | { holdId: string }
  /** Parses the quantity by the record's consumable. Null: all that is left. */
  readQuantity: ((consumable: Consumable) => bigint) | null
  reason: string
  apiKeyId: string | null
  authorise: (team: TeamContext) => void
}

export type ReversalAnswer = { reversal: UsageReversal; replayed: boolean }

/**
 * Takes back a usage record, or a part of it: credits go to the grants that paid and the allowance to its period. All
 * reversals of a record together return exactly its cost. A repeated request returns the first answer. Throws
 * NotFoundError if the team reported nothing of this name, ReversalRefusedError if too little is left of it or it was
 * reported too long ago, and IdempotencyKeyReusedError if the request key belongs to another reversal.
 */
export async function reverseUsage(
  metering: Metering,
  teamId: string,
  request: ReversalRequest,
  now: Date,
): Promise<ReversalAnswer> {
  const team = await requireTeam(metering, teamId)
  request.authorise(team)
  const { query } = metering.connections
  const record = await findAsked(query, teamId, request)
  const asked = askedOf(record, request)
  const known = await replay(query, teamId, record, asked)
  if (known) return known
  try {
    return await inLockedPool(metering, team, record.poolId, now, async (tx) => {
      const meanwhile = await replay(tx, teamId, record, asked)
      if (meanwhile) return meanwhile
      const quantity = requireReversible(await findAsked(tx, teamId, request), asked.quantity, now)
      await postReversal(
        tx,
        {
          ...{ teamId, id: newId(), poolId: record.poolId, usageKey: record.usageKey, quantity },
          keptQuantity: await readKept(tx, team, record),
          ...{ requestKey: asked.requestKey, requestPrint: asked.print },
          ...{ reason: request.reason, apiKeyId: request.apiKeyId },
        },
        now,
      )
      await announce(tx, teamId)
      const reversal = await findReversal(tx, teamId, asked.requestKey)
      if (!reversal) throw new Error("A reversal that was written is there")
      return { reversal, replayed: false }
    })
  } catch (error) {
    // The same request key was used at the same time for another pool, under another lock.
    if (!isUniqueViolation(error, "usage_reversals_once_per_request")) throw error
    throw new IdempotencyKeyReusedError()
  }
}

async function findAsked(
  query: Query,
  teamId: string,
  { record: asked, requestKey }: ReversalRequest,
): Promise<ReversibleRecord> {
  const { key } = "key" in asked ? usageKey(asked.key, "") : captureKey(asked.holdId)
  const record = await findReversibleRecord(query, teamId, key)
  if (record) return record
  throw (await findReversal(query, teamId, requestKey))
    ? new IdempotencyKeyReusedError()
    : new NotFoundError()
}

type Asked = { requestKey: string; print: string; quantity: bigint | null }

function askedOf(
  { usageKey: key, consumable }: ReversibleRecord,
  { requestKey, readQuantity, reason, apiKeyId }: ReversalRequest,
): Asked {
  const quantity = readQuantity?.(consumable as Consumable) ?? null
  const body = JSON.stringify([String(key), quantity === null ? null : String(quantity), reason, apiKeyId])
  return { requestKey, print: String(usageKey(requestKey, body).print), quantity }
}

async function replay(
  query: Query,
  teamId: string,
  record: ReversibleRecord,
  { requestKey, print }: Asked,
): Promise<ReversalAnswer | null> {
  const reversal = await findReversal(query, teamId, requestKey)
  if (!reversal) return null
  if (reversal.usageKey !== record.usageKey || reversal.requestPrint !== print)
    throw new IdempotencyKeyReusedError()
  return { reversal, replayed: true }
}

/** Returns the quantity to reverse. */
function requireReversible(record: ReversibleRecord, asked: bigint | null, now: Date): bigint {
  if (now.getTime() - record.createdAt.getTime() > REVERSAL_DAYS * DAY_MS)
    throw new ReversalRefusedError(
      `This usage was reported more than ${REVERSAL_DAYS} days ago and can’t be reversed any more.`,
    )
  if (record.leftQuantity === 0n) throw new ReversalRefusedError("All of this usage is reversed already.")
  if (asked === null || asked <= record.leftQuantity) return asked ?? record.leftQuantity
  const [left, reported] = [record.leftQuantity, record.quantity].map((each) =>
    formatQuantity(each, record.consumable as Consumable),
  )
  throw new ReversalRefusedError(
    left === reported
      ? `This usage was ${reported}, so no more than that can be reversed.`
      : `Of this usage’s ${reported} only ${left} is left to reverse.`,
    "quantity",
  )
}

const READ_WITHHELD: Statement = {
  name: "reversals_withheld",
  text: `SELECT w.only_raised, d.plan FROM pools p
    JOIN period_withholdings w ON w.team_id = p.team_id AND w.pool_id = p.id AND w.period_starts_at = p.period_starts_at
      AND w.returned_at IS NULL
    JOIN periods d ON d.team_id = p.team_id AND d.pool_id = p.id AND d.starts_at = p.period_starts_at
    WHERE p.team_id = $1::uuid AND p.id = $2::uuid`,
}

/**
 * Returns how much of the allowance stays usable while the pool's period is withheld: what its plan gives where only a
 * larger plan isn't paid, and what the plan gives to which the team has come down. It doesn't matter otherwise.
 */
async function readKept(
  query: Query,
  team: TeamContext,
  { poolId, consumable }: ReversibleRecord,
): Promise<bigint> {
  const [withheld] = await query<{ only_raised: boolean; plan: Plan }>(READ_WITHHELD, [team.teamId, poolId])
  const plan = withheld?.only_raised ? withheld.plan : team.plan
  if (!withheld || (!withheld.only_raised && !isLarger(withheld.plan, plan))) return 0n
  return CATALOG.plans[plan].terms[consumable as Consumable].allowanceQuantity
}
