import type { Crossing } from "@/lib/ledger/crossing"
import { drawFromLots } from "@/lib/ledger/draw"
import { availableNanos, type PoolState } from "@/lib/ledger/pool-state"
import type { PoolSpend, SpendRow } from "@/lib/ledger/post-spends"
import { availableOf, isLow, isUsedUp } from "@/lib/pools/is-low"
import { findRefusal, type Limited, payableNanos, type Refusal } from "./find-refusal"
import { LimitBook } from "./limit-book"
import type { Meter } from "./meters"
import { type PricedUsage, priceUsage } from "./price-usage"

/** One usage record to be paid from a pool. */
export type SpendRequest = Limited & {
  meter: Meter
  /** Names the record for ever: 64 bits of its key's hash, and 32 bits that cover the rest of the key and the body. */
  key: bigint
  print: number
  /** Scaled by the meter's decimals, above zero. */
  quantity: bigint
  reportedAt: Date | null
  /** JSON text. */
  metadata: string | null
  /** Takes what is there, instead of nothing, when the pool holds less than the cost. */
  takesWhatIsThere?: boolean
}

/** A usage record's cost, what paid for it, and what the pool had afterwards. */
export type Receipt = {
  costNanos: bigint
  allowanceQuantity: bigint
  includedNanos: bigint
  promotionNanos: bigint
  /** From bought credits. */
  creditsNanos: bigint
  balanceNanos: bigint
  availableNanos: bigint
  /** The cost above what the pool held. Only for a record that takes what is there. */
  shortfallNanos: bigint
}

export type Outcome = { receipt: Receipt } | { refusal: Refusal }

export type SpendPlan = {
  outcomes: Outcome[]
  spend: PoolSpend
  crossings: Crossing[]
  /**
   * Whether this usage must make the pool due for a top-up: it took credits and left it low, and the pool wasn't due
   * before.
   */
  isMadeDue: boolean
  /** The limits afterwards. */
  limits: LimitBook
}

/**
 * Decides about usage records in their order: what the period's allowance pays, what is drawn from which grant, and
 * what is refused because the pool holds too little or a limit is reached. Pure: `before` and `limitsBefore` stay as they
 * are, and `spend.after` and `limits` are the resulting state.
 */
export function planSpends(
  before: PoolState,
  requests: SpendRequest[],
  lowBalanceThresholdNanos: bigint,
  hasTopUp = false,
  limitsBefore = new LimitBook(),
): SpendPlan {
  const state = copyState(before)
  const limits = limitsBefore.copy()
  const rows: SpendRow[] = []
  const outcomes = requests.map((request) => planSpend(state, request, rows, limits))
  const crossings = rows.length > 0 ? markCrossings(state, lowBalanceThresholdNanos) : []
  if (rows.length > 0) state.revision += 1n
  const isMadeDue = hasTopUp && state.isLow && !before.isDue && outcomes.some(hasTakenCredits)
  state.isDue ||= isMadeDue
  return {
    outcomes,
    isMadeDue,
    spend: { poolId: before.poolId, revision: before.revision, after: state, rows, limits: limits.counted },
    limits,
    crossings,
  }
}

// Usage that the allowance pays takes nothing from a pool and charges nobody.
function hasTakenCredits(outcome: Outcome): boolean {
  return "receipt" in outcome && outcome.receipt.costNanos + outcome.receipt.shortfallNanos > 0n
}

function planSpend(state: PoolState, request: SpendRequest, rows: SpendRow[], limits: LimitBook): Outcome {
  const { meter, quantity } = request
  const price = priceInPool(state, meter, quantity)
  let costNanos = price.costNanos
  const refusal = findRefusal(state, { ...request, costNanos }, limits)
  if (refusal) {
    if (!request.takesWhatIsThere) return { refusal }
    costNanos = payableNanos(state, request, limits)
  }
  if (price.allowanceQuantity > 0n) {
    const left = state.allowances.get(meter.consumable) ?? 0n
    state.allowances.set(meter.consumable, left - price.allowanceQuantity)
  }
  if (costNanos > 0n) limits.count(request.limitIds ?? [], costNanos, request.covered)
  const draws = drawFromLots(state, costNanos)
  const sum = (counts: (draw: (typeof draws)[number]) => boolean) =>
    draws.reduce((total, draw) => (counts(draw) ? total + draw.amountNanos : total), 0n)
  const includedNanos = sum(({ bucket }) => bucket === "included")
  const promotionNanos = sum(({ lot }) => lot.kind === "promotion")
  appendRows(rows, request, draws, price.allowanceQuantity, state.heldNanos)
  return {
    receipt: {
      costNanos,
      allowanceQuantity: price.allowanceQuantity,
      includedNanos,
      promotionNanos,
      creditsNanos: costNanos - includedNanos - promotionNanos,
      balanceNanos: state.creditsNanos,
      availableNanos: availableNanos(state),
      shortfallNanos: price.costNanos - costNanos,
    },
  }
}

function appendRows(
  rows: SpendRow[],
  request: SpendRequest,
  draws: ReturnType<typeof drawFromLots>,
  allowanceQuantity: bigint,
  heldNanos: bigint,
): void {
  const record: SpendRow["record"] = {
    key: request.key,
    print: request.print,
    quantity: request.quantity,
    pieces: draws.length,
    allowanceQuantity,
    heldNanos,
    metadata: request.metadata,
  }
  const meterNo = request.meter.no
  const { reportedAt } = request
  if (draws.length === 0)
    rows.push({ bucket: "included", amountNanos: 0n, grant: null, meterNo, reportedAt, record })
  for (const [index, { lot, bucket, amountNanos }] of draws.entries()) {
    const grant = { id: lot.grantId, no: lot.no }
    rows.push({ bucket, amountNanos, grant, meterNo, reportedAt, record: index === 0 ? record : null })
  }
}

/** Returns the cost of a quantity in this pool now, after what is left of the period's allowance. */
export function priceInPool(state: PoolState, meter: Meter, quantity: bigint): PricedUsage {
  const allowanceLeft = state.allowances.get(meter.consumable) ?? 0n
  return priceUsage({ quantity, allowanceLeft, decimals: meter.decimals, rateNanos: meter.rateNanos })
}

/**
 * Sets the flags for the falls that the balance has just made, and returns the new ones. The ledger clears them when
 * credits come, and this does when the balance is above a lowered threshold.
 */
function markCrossings(state: PoolState, lowBalanceThresholdNanos: bigint): Crossing[] {
  const crossings: Crossing[] = []
  const [wasLow, wasDepleted] = [state.isLow, state.isDepleted]
  state.isLow = isLow(availableOf(state), lowBalanceThresholdNanos)
  state.isDepleted = isUsedUp(state.creditsNanos + state.includedNanos)
  if (state.isLow && !wasLow) crossings.push("low")
  if (state.isDepleted && !wasDepleted) crossings.push("depleted")
  return crossings
}

function copyState(state: PoolState): PoolState {
  return { ...state, lots: state.lots.map((lot) => ({ ...lot })), allowances: new Map(state.allowances) }
}
