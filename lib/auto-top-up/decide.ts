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
  /** Since when a person has to resume it, and why. */
  paused: { reason: "dispute"; at: Date } | null
  /** What made it due; null: nothing did. `needsNanos`: what the request cost that was refused. */
  due: { cause: DueCause; needsNanos: bigint | null } | null
  thresholdNanos: bigint
  amountNanos: bigint
  availableNanos: bigint
  /** What the plan's present period gives is withheld, because it isn't paid or its payment is disputed. */
  isPlanUnpaid: boolean
  openAttempt: { needsAuthentication: boolean; expiresAt: Date } | null
  /** What everything is paid with, or null. Without a fingerprint its id stands for it. */
  paymentMethod: { fingerprint: string; isExpired: boolean } | null
  /** Charges that failed in a row, with the card that failed. */
  failures: { count: number; fingerprint: string; at: Date; suspendedAt: Date | null } | null
  /** When the pool's top-ups of the last day were begun, in any order. */
  attempts: Date[]
  /** Null: no cap. */
  capNanos: bigint | null
  /** Charged this month (UTC) and under way, of the whole team. */
  committedNanos: bigint
}

export type Decision =
  | { kind: "charge"; amountNanos: bigint; cause: DueCause }
  /** `until`: when the answer may be another one without anybody doing anything. */
  | { kind: "no"; reason: NoReason; until: Date | null }

/** Whether a pool is topped up now, and if not, the first reason that speaks against it. */
export function decideTopUp(state: TopUpState, now: Date): Decision {
  if (!state.enabled) return no("off")
  if (state.paused) return no("paused")
  if (!isWanting(state)) return no("not_low")
  if (state.openAttempt) {
    const { needsAuthentication, expiresAt } = state.openAttempt
    return needsAuthentication ? no("authentication_required", expiresAt) : no("attempt_open")
  }
  if (!state.due) return no("not_due")
  // Whoever doesn't pay for the plan is asked for that first, and by a person.
  if (state.isPlanUnpaid) return no("plan_unpaid")
  if (!state.paymentMethod) return no("no_payment_method")
  if (state.paymentMethod.isExpired) return no("card_expired")
  // Another card starts afresh; the same one added again doesn't.
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
    // What is more than a whole month's cap no month lets through.
    return no("cap_reached", amountNanos > capNanos ? null : nextMonth(now))
  return { kind: "charge", amountNanos, cause: state.due.cause }
}

/** Low, or short of what a request needed that one top-up lets pass. */
function isWanting({ availableNanos, thresholdNanos, due }: TopUpState): boolean {
  return isLow(availableNanos, thresholdNanos) || availableNanos < (due?.needsNanos ?? availableNanos)
}

function no(reason: NoReason, until: Date | null = null): Decision {
  return { kind: "no", reason, until }
}

/** When the limits per hour and per day allow the next one; null if they do now. */
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
