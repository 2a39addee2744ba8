import type { LimitKind } from "@/lib/ledger/limits"
import { availableNanos, type PoolState } from "@/lib/ledger/pool-state"
import { greatest, least } from "@/lib/money/least"
import { isDebt } from "@/lib/money/usd"
import { isUsedUp } from "@/lib/pools/is-low"
import type { Covered, LimitBook } from "./limit-book"
import type { Meter } from "./meters"

/** Usage, and what limits it. */
export type Limited = {
  meter: Pick<Meter, "hasAllowance">
  /** The limits that count it, and what it leaves in the pool. */
  limitIds?: readonly string[]
  reserveNanos?: bigint
  /** Set aside for it: no limit that came later refuses that. */
  covered?: Covered
}

export type RefusalReason =
  | "pool_empty"
  | "not_enough"
  | "allowance_exhausted"
  | "debt"
  | "plan_unpaid"
  | "member_limit_reached"
  | "key_limit_reached"
  | "owner_protected"
export type Refusal = {
  reason: RefusalReason
  requiredNanos: bigint
  availableNanos: bigint
  /** When the plan's allowances and included credits come again. */
  renewsAt: Date | null
  /** Whether the pool is already due for a top-up. */
  isDue: boolean
  /** The limit or reserve that refused it, and what it would still let pass. Null: the pool holds too little. */
  limit: { kind: LimitKind | "reserve"; amountNanos: bigint; leftNanos: bigint } | null
}
/** Returns why usage isn't paid: what the pool lacks, else the reserve or limit that it would exceed. Null: it is. */
export function findRefusal(
  state: PoolState,
  asked: Limited & { costNanos: bigint },
  limits: LimitBook,
): Refusal | null {
  const { meter, costNanos, reserveNanos = 0n } = asked
  const refuse = (reason: RefusalReason, limit: Refusal["limit"] = null): Refusal => ({
    reason,
    requiredNanos: costNanos,
    availableNanos: availableNanos(state),
    renewsAt: state.periodEndsAt === null ? null : new Date(state.periodEndsAt),
    isDue: state.isDue,
    limit,
  })
  if (isInDebt(state) || (costNanos > 0n && costNanos > availableNanos(state)))
    return refuse(whyRefused(state, meter, costNanos))
  // Usage that the allowance pays takes nothing, so no limit counts it.
  if (costNanos === 0n) return null
  const besideReserve = besideReserveNanos(state, asked)
  if (costNanos > besideReserve)
    return refuse("owner_protected", {
      kind: "reserve",
      amountNanos: reserveNanos,
      leftNanos: besideReserve,
    })
  const tightest = limits.tightest(asked.limitIds ?? [], asked.covered)
  if (!tightest || costNanos <= tightest.leftNanos) return null
  limits.noteRefusal(tightest.limit.id)
  const { limit, leftNanos } = tightest
  return refuse(LIMIT_REASONS[limit.kind], { kind: limit.kind, amountNanos: limit.amountNanos, leftNanos })
}

const LIMIT_REASONS = {
  member: "member_limit_reached",
  api_key: "key_limit_reached",
  owner: "owner_protected",
} as const

// Less than a cent is no debt, because nobody could see or repay it. The plan's included usage goes on in debt.
function isInDebt(state: PoolState): boolean {
  return isDebt(-state.debtNanos)
}

/** Returns the most that pool, reserve and limits let usage take. */
export function payableNanos(state: PoolState, asked: Limited, limits: LimitBook): bigint {
  if (isInDebt(state)) return 0n
  const tightest = limits.tightest(asked.limitIds ?? [], asked.covered)
  const payable = besideReserveNanos(state, asked)
  return greatest(0n, tightest ? least(payable, tightest.leftNanos) : payable)
}

// Credits that were set aside are paid from the reserve too, if that was raised meanwhile.
function besideReserveNanos(state: PoolState, { reserveNanos = 0n, covered }: Limited): bigint {
  const available = availableNanos(state)
  return least(available, greatest(available - reserveNanos, covered?.nanos ?? 0n))
}

function whyRefused(state: PoolState, meter: Limited["meter"], requiredNanos: bigint): RefusalReason {
  if (isInDebt(state)) return "debt"
  // It would have been enough if the plan had been paid.
  if (state.withheldNanos > 0n && availableNanos(state) + state.withheldNanos >= requiredNanos)
    return "plan_unpaid"
  const isPlanUsedUp = meter.hasAllowance && !state.hasHadCredits && availableNanos(state) <= 0n
  if (isPlanUsedUp) return "allowance_exhausted"
  return isUsedUp(availableNanos(state)) ? "pool_empty" : "not_enough"
}
