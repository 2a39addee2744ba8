import type { Hindrance } from "@/components/auto-top-up/auto-top-up-types"
import { MAX_FAILURES, MAX_PER_DAY, MAX_PER_HOUR } from "@/lib/auto-top-up/decide"
import type { DryRun } from "@/lib/auto-top-up/simulate"
import { formatDeadline, formatUtcDay } from "@/lib/format-time"
import { formatUsd, fromDecimalString } from "@/lib/money/usd"

/** `$150.00 of $200.00 this month`. Counts top-ups under way, because they may still be charged. */
export function monthInWords(committedNanos: bigint, capNanos: bigint | null): string {
  const committed = formatUsd(committedNanos)
  return capNanos === null
    ? `${committed} this month, no cap`
    : `${committed} of ${formatUsd(capNanos)} this month`
}

/** How much of the cap is used, from 80% on. Null below that, and without a cap. */
export function capAlertInWords(committedNanos: bigint, capNanos: bigint | null): string | null {
  if (capNanos === null || capNanos === 0n) return null
  const percent = (committedNanos * 100n) / capNanos
  if (percent < 80n) return null
  return percent >= 100n
    ? `The monthly cap of ${formatUsd(capNanos)} is used up. Auto top-up resumes next month, or when the cap is raised.`
    : `${percent}% of the monthly cap of ${formatUsd(capNanos)} is used.`
}

export type HindranceWords = { title: string; text: string; tone: "info" | "warning" | "danger" }

type Around = {
  capNanos: bigint | null
  methodName: string | null
  /** The amount that resuming charges at once. Null when it charges nothing. */
  resumeNanos: bigint | null
  now: string
}

/** Explains a hindrance and says what to do about it. Null for one that needs no words. */
export function hindranceInWords(
  { reason, until, failure, amountNanos }: Hindrance,
  { capNanos, methodName, resumeNanos, now }: Around,
): HindranceWords | null {
  const resuming =
    resumeNanos === null ? "" : ` Resuming charges ${methodName ?? "the card"} ${formatUsd(resumeNanos)} now.`
  const at = until ? formatDeadline(new Date(until), now) : "later"
  const amount = amountNanos === null ? "A top-up" : `A top-up of ${formatUsd(amountNanos)}`
  switch (reason) {
    case "no_payment_method":
      return {
        title: "Auto top-up can’t charge anything",
        text: "There is no payment method. Add one, and it works again.",
        tone: "warning",
      }
    case "card_expired":
      return {
        title: "Auto top-up can’t charge anything",
        text: `${methodName ?? "The card"} has expired. Add another payment method.`,
        tone: "warning",
      }
    case "suspended_card":
      return {
        title: "Auto top-up is suspended",
        text: `${failure?.reason ?? "The charge failed."}${timesInWords(failure?.failures ?? 0)} Nothing is charged until you add another card or resume it.${resuming}`,
        tone: "danger",
      }
    case "paused":
      return {
        title: "Auto top-up is paused",
        text: `A payment was disputed. Nothing is charged until an Owner or Admin resumes it.${resuming}`,
        tone: "warning",
      }
    case "cap_reached":
      return { title: "Auto top-up is paused", text: capInWords(capNanos, until), tone: "warning" }
    case "authentication_required":
      return {
        title: "Your bank wants you to confirm the payment",
        text: `${amount} waits for it until ${at}. Nothing is charged before then.`,
        tone: "warning",
      }
    case "cooling_down":
      return {
        title: "The last top-up failed",
        text: `${failure?.reason ?? "The charge failed."} We’ll try again ${at}${failure ? `, then stop after ${leftInWords(MAX_FAILURES - failure.failures)}` : ""}.`,
        tone: "warning",
      }
    case "velocity_limit":
      return {
        title: "Auto top-up has to wait",
        text: `A pool is topped up ${MAX_PER_HOUR} times an hour and ${MAX_PER_DAY} times a day at most. The next one can come ${at}.`,
        tone: "warning",
      }
    case "plan_unpaid":
      return {
        title: "Auto top-up waits for your plan’s payment",
        text: "It continues once the plan’s open invoice is paid or its dispute is settled.",
        tone: "warning",
      }
    case "attempt_open":
      return { title: "Under way", text: `${amount} is being charged.`, tone: "info" }
    case "off":
    case "not_low":
    case "not_due":
      return null
  }
}

// A final decline suspends the card the first time.
function timesInWords(failures: number): string {
  return failures > 1 ? ` It failed ${failures} times in a row.` : ""
}

function capInWords(capNanos: bigint | null, until: string | null): string {
  if (capNanos === null) return "The monthly cap is reached."
  const cap = formatUsd(capNanos)
  if (capNanos === 0n) return `The monthly cap is ${cap}, so nothing is topped up until you raise it.`
  if (!until) return `One top-up is more than the monthly cap of ${cap}. Raise the cap, or lower the amount.`
  return `Another top-up would exceed the monthly cap of ${cap}. It resumes next month, or when the cap is raised.`
}

function leftInWords(failures: number): string {
  return failures === 1 ? "one more failure" : `${failures} more failures`
}

/** The sentence under the dry run's chart. */
export function dryRunInWords(run: DryRun): string {
  if (run.days.every(({ spentNanos }) => spentNanos === 0n))
    return "There was no usage in the last 30 days to try it on."
  if (run.topUps === 0 && !run.capReachedOn)
    return "With your usage of the last 30 days it would not have charged anything."
  const times = run.topUps === 1 ? "once" : `${run.topUps} times`
  const charged = `With your usage of the last 30 days it would have charged ${times}, ${formatUsd(run.chargedNanos)}`
  if (!run.capReachedOn) return `${charged}.`
  return `${charged}; the cap would have been reached on ${formatUtcDay(run.capReachedOn)}.`
}

const REASONS: Record<string, string> = {
  charge: "Topped up",
  no_payment_method: "Not topped up: no payment method",
  card_expired: "Not topped up: the card has expired",
  paused: "Not topped up: paused after a disputed payment",
  suspended_card: "Not topped up: the card is suspended",
  cooling_down: "Not topped up: waiting an hour after a failure",
  velocity_limit: "Not topped up: too many within an hour or a day",
  cap_reached: "Not topped up: the monthly cap was reached",
  plan_unpaid: "Not topped up: the plan isn’t paid",
  authentication_required: "Not topped up: the bank waits for a confirmation",
}

export type Outcome = { status: string; failureReason: string | null; needsAuthentication: boolean } | null

/** Tells what was decided and what came of it. */
export function decisionInWords(
  reason: string,
  amountNanos: bigint,
  outcome: Outcome,
): { title: string; detail: string | null } {
  if (reason !== "charge") return { title: REASONS[reason] ?? "Not topped up", detail: null }
  const amount = formatUsd(amountNanos)
  switch (outcome?.status) {
    case "succeeded":
      return { title: `Topped up with ${amount}`, detail: null }
    case "failed":
      return { title: `A top-up of ${amount} failed`, detail: outcome.failureReason }
    case "cancelled":
      return {
        title: `A top-up of ${amount} was cancelled`,
        detail: "It was no longer needed, so nothing was charged.",
      }
    default:
      return outcome?.needsAuthentication
        ? { title: `A top-up of ${amount} waits`, detail: "The bank wants a confirmation." }
        : { title: `A top-up of ${amount} is under way`, detail: null }
  }
}

type SettingsJson = {
  enabled?: boolean
  threshold?: string
  amount?: string
  cap?: string | null
  resumed?: boolean
}

/** Describes a change of settings, from before to after. */
export function changeInWords(before: SettingsJson | null, after: SettingsJson, isCap: boolean): string {
  if (isCap) return `Monthly cap: ${capOf(before)} → ${capOf(after)}`
  if (after.resumed) return "Resumed"
  const parts: string[] = []
  if (after.enabled !== (before?.enabled ?? false)) parts.push(after.enabled ? "Turned on" : "Turned off")
  if (after.threshold !== before?.threshold)
    parts.push(from("at or below", before?.threshold, after.threshold))
  if (after.amount !== before?.amount) parts.push(from("adds", before?.amount, after.amount))
  return parts.join(" · ")
}

const capOf = (json: SettingsJson | null) => (json?.cap ? usd(json.cap) : "none")

const from = (what: string, old: string | undefined, now: string | undefined) =>
  old === undefined ? `${what} ${usd(now)}` : `${what} ${usd(old)} → ${usd(now)}`

const usd = (decimal: string | undefined) =>
  decimal === undefined ? "none" : formatUsd(fromDecimalString(decimal))
