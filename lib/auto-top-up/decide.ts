import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { isLow } from "@/lib/pools/is-low"
import { nextMonth } from "@/lib/top-up-settings/month"
import type { DueCause } from "@/lib/top-up-settings/settings"

export const MAX_PER_HOUR = 3
export const MAX_PER_DAY = 10
export const MAX_FAILURES = 3
export const RETRY_AFTER_MS = HOUR_MS

/** Why a pool is not topped up now. */
export type NoReason =
  | "off"
  | "paused"
  | "not_low"
  | "not_due"
  | "attempt_open"
  | "authentication_required"
  | "plan_unpaid"
  | "no_payment_method"
  | "card_expired"
  | "suspended_card"
  | "cooling_down"
  | "velocity_limit"
  | "cap_reached"

/** Everything that decides, read under one lock. */
export type TopUpState = {
  enabled: boolean
  /** When it was paused until a person resumes it, and why. */
  paused: { reason: "dispute"; at: Date } | null
  /** Why it is due, or null. `needsNanos` is the cost of the request that was refused. */
  due: { cause: DueCause; needsNanos: bigint | null } | null
  thresholdNanos: bigint
  amountNanos: bigint
  availableNanos: bigint
  /** The present period's credits and allowances are withheld, because it isn't paid or its payment is disputed. */
  isPlanUnpaid: boolean
  openAttempt: { needsAuthentication: boolean; expiresAt: Date } | null
  /** The default payment method, or null. One without a fingerprint has its id in its place. */
  paymentMethod: { fingerprint: string; isExpired: boolean } | null
  /** Charges in a row that failed, with the card that failed. */
  failures: { count: number; fingerprint: string; at: Date; suspendedAt: Date | null } | null
  /** When the pool's top-ups of the last day were begun, in any order. */
  attempts: Date[]
  /** Null when there is no cap. */
  capNanos: bigint | null
  /** The whole team's top-ups of this month (UTC), charged and under way. */
  committedNanos: bigint
}

export type Decision =
  | { kind: "charge"; amountNanos: bigint; cause: DueCause }
  /** `until` is when the answer may change without anybody acting. */
  | { kind: "no"; reason: NoReason; until: Date | null }

/** Decides whether a pool is topped up now. If not, returns the first reason against it. */
export function decideTopUp(state: TopUpState, now: Date): Decision {
  if (!state.enabled) return no("off")
  if (state.paused) return no("paused")
  if (!isWanting(state)) return no("not_low")
  if (state.openAttempt) {
    const { needsAuthentication, expiresAt } = state.openAttempt
    return needsAuthentication ? no("authentication_required", expiresAt) : no("attempt_open")
  }
  if (!state.due) return no("not_due")
  // A team that hasn't paid for its plan is asked for that first, by a person.
  if (state.isPlanUnpaid) return no("plan_unpaid")
  if (!state.paymentMethod) return no("no_payment_method")
  if (state.paymentMethod.isExpired) return no("card_expired")
  // Another card starts afresh. The same card added again doesn't.
  const { failures } = state
  if (failures && failures.fingerprint === state.paymentMethod.fingerprint) {
    if (failures.suspendedAt) return no("suspended_card")
    const retryAt = new Date(failures.at.getTime() + RETRY_AFTER_MS)
    if (now < retryAt) return no("cooling_down", retryAt)
  }
  const freeAt = whenAllowedAgain(state.attempts, now)
  if (freeAt) return no("velocity_limit", freeAt)
  const { capNanos, amountNanos } = state
  if (capNanos !== null && state.committedNanos + amountNanos > capNanos)
    // No month lets through more than a whole month's cap.
    return no("cap_reached", amountNanos > capNanos ? null : nextMonth(now))
  return { kind: "charge", amountNanos, cause: state.due.cause }
}

/** Low, or short of a refused request that one top-up lets pass. */
function isWanting({ availableNanos, thresholdNanos, due }: TopUpState): boolean {
  return isLow(availableNanos, thresholdNanos) || availableNanos < (due?.needsNanos ?? availableNanos)
}

function no(reason: NoReason, until: Date | null = null): Decision {
  return { kind: "no", reason, until }
}

/** Returns when the limits per hour and per day allow the next top-up. Null if they do now. */
function whenAllowedAgain(attempts: Date[], now: Date): Date | null {
  const times = attempts.map((at) => at.getTime()).sort((a, b) => b - a)
  const freeAt = [
    [MAX_PER_HOUR, HOUR_MS],
    [MAX_PER_DAY, DAY_MS],
  ].map(
    ([limit, windowMs]) => (times[(limit as number) - 1] ?? Number.NEGATIVE_INFINITY) + (windowMs as number),
  )
  const last = Math.max(...freeAt)
  return last > now.getTime() ? new Date(last) : null
}
