import type { GrantKind } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"

/** The remainder of one grant, in the place where the waterfall draws it. */
export type Lot = {
  grantId: string
  no: number
  kind: GrantKind
  leftNanos: bigint
  /** In milliseconds. Null: never. */
  expiresAt: number | null
}

/** Everything that decides about a pool's next spend, true for one revision of it. */
export type PoolState = {
  poolId: string
  revision: bigint
  creditsNanos: bigint
  includedNanos: bigint
  debtNanos: bigint
  heldNanos: bigint
  /** Included credits that the present period doesn't give, because it isn't paid. Nobody can spend them. */
  withheldNanos: bigint
  /** Whether people were told that the balance is low or used up. */
  isLow: boolean
  isDepleted: boolean
  /** Whether it ever had credits beyond the plan's. */
  hasHadCredits: boolean
  /** In milliseconds. Null before the first period. */
  periodStartsAt: number | null
  periodEndsAt: number | null
  holdsExpireAt: number | null
  /** Whether it is already due for a top-up. True is reliable; false may be out of date. */
  isDue: boolean
  /** In drawing order. */
  lots: Lot[]
  /** The remaining allowances of the period, by consumable, where anything is left. */
  allowances: Map<string, bigint>
}

type Row = {
  id: string
  revision: bigint | string
  credits_nanos: bigint | string
  included_nanos: bigint | string
  debt_nanos: bigint | string
  held_nanos: bigint | string
  withheld_nanos: bigint | string
  is_low: boolean
  is_depleted: boolean
  has_had_credits: boolean
  period_starts_at: Date | null
  period_ends_at: Date | null
  holds_expire_at: Date | null
  is_due: boolean
  lots: [id: string, no: number, kind: GrantKind, left: string, expiresAt: number | null][] | null
  allowances: [consumable: string, left: string][] | null
}

const READ_POOLS: Statement = {
  name: "ledger_read_pools",
  text: `SELECT id, revision, credits_nanos, included_nanos, debt_nanos, held_nanos, withheld_nanos, is_low, is_depleted, has_had_credits,
    period_starts_at, period_ends_at, holds_expire_at, is_due, lots, allowances
    FROM ledger_read_pools($1::uuid, $2::text::uuid[], $3::boolean)`,
}

/**
 * Reads pools of one team. With a lock, nobody else changes them until the transaction ends. A pool that the team
 * doesn't have is missing from the result.
 */
export async function readPoolStates(
  query: Query,
  teamId: string,
  poolIds: string[],
  { lock }: { lock: boolean },
): Promise<Map<string, PoolState>> {
  const rows = await query<Row>(READ_POOLS, [teamId, `{${poolIds.join(",")}}`, lock])
  return new Map(rows.map((row) => [row.id, toState(row)]))
}

/** Reads one pool under its lock. */
export async function lockPoolState(query: Query, teamId: string, poolId: string): Promise<PoolState> {
  const state = (await readPoolStates(query, teamId, [poolId], { lock: true })).get(poolId)
  if (!state) throw new Error("The team has no such pool")
  return state
}

function toState(row: Row): PoolState {
  return {
    poolId: row.id,
    revision: BigInt(row.revision),
    creditsNanos: BigInt(row.credits_nanos),
    includedNanos: BigInt(row.included_nanos),
    debtNanos: BigInt(row.debt_nanos),
    heldNanos: BigInt(row.held_nanos),
    withheldNanos: BigInt(row.withheld_nanos),
    isLow: row.is_low,
    isDepleted: row.is_depleted,
    hasHadCredits: row.has_had_credits,
    periodStartsAt: row.period_starts_at?.getTime() ?? null,
    periodEndsAt: row.period_ends_at?.getTime() ?? null,
    holdsExpireAt: row.holds_expire_at?.getTime() ?? null,
    isDue: row.is_due,
    lots: (row.lots ?? []).map(([grantId, no, kind, left, expiresAt]) => ({
      grantId,
      no,
      kind,
      leftNanos: BigInt(left),
      expiresAt,
    })),
    allowances: new Map((row.allowances ?? []).map(([consumable, left]) => [consumable, BigInt(left)])),
  }
}

/** Returns what may still be spent: balance and included credits, less what is held. */
export function availableNanos(state: PoolState): bigint {
  return state.creditsNanos + state.includedNanos - state.heldNanos
}
