import { type Decision, decideTopUp, type TopUpState } from "@/lib/auto-top-up/decide"
import type { SaveForm } from "@/lib/auto-top-up/decide-save"
import type { Outlook } from "@/lib/auto-top-up/outlook"
import { formatRelativeTime, type ReadersNow } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

type Around = {
  state: TopUpState
  form: SaveForm
  /** The amount that a raised cap charges for other pools at once. */
  othersNanos: bigint
  methodName: string
  now: ReadersNow
}

export type SaveWords = { text: string; tone: "info" | "warning"; button: string }

/** Describes what saving does now, for the notice above the button and the button itself. Null when it only saves. */
export function saveInWords(decision: Decision, around: Around): SaveWords | null {
  const { state, form, othersNanos, methodName, now } = around
  const isAtThreshold = state.availableNanos === form.thresholdNanos
  const low = isAtThreshold ? "Your balance has reached this" : "Your balance is already below this"
  if (decision.kind === "charge") {
    const more =
      othersNanos > 0n ? `, and ${formatUsd(othersNanos)} for other pools that wait for the cap` : ""
    return {
      text: `${low}: saving charges ${methodName} ${formatUsd(decision.amountNanos)}${more}.`,
      tone: "warning",
      button: `Save and charge ${formatUsd(decision.amountNanos + othersNanos)}`,
    }
  }
  if (othersNanos > 0n) {
    const amount = formatUsd(othersNanos)
    return {
      text: `Other pools wait for the cap: saving charges ${methodName} ${amount} for them.`,
      tone: "warning",
      button: `Save and charge ${amount}`,
    }
  }
  const next = decision.until ? formatRelativeTime(decision.until, now) : null
  const text = laterInWords(decision.reason, { low, next, ...form })
  return text === null ? null : { text, tone: "info", button: "Save" }
}

function laterInWords(
  reason: Exclude<Decision, { kind: "charge" }>["reason"],
  { low, next, capNanos }: { low: string; next: string | null; capNanos: bigint | null },
): string | null {
  switch (reason) {
    case "attempt_open":
      return `${low}, and a top-up is under way. Saving charges nothing more now.`
    case "authentication_required":
      return `${low}, and a top-up waits for your bank’s confirmation. Saving charges nothing more now.`
    case "cooling_down":
    case "velocity_limit":
      return next && `${low}. The next charge can come ${next}.`
    case "suspended_card":
      return `${low}, but auto top-up is suspended after failed charges. Choose another card, or resume it.`
    case "paused":
      return `${low}, but auto top-up is paused since a payment was disputed. Saving charges nothing until you resume it.`
    case "plan_unpaid":
      return `${low}, but your plan isn’t paid. Saving charges nothing until its invoice is.`
    case "cap_reached":
      return capNanos === 0n || !next
        ? null
        : `${low}, but what is left of the monthly cap is less than one top-up. The next charge can come ${next}, or when you raise the cap.`
    default:
      return null
  }
}

/**
 * The amount, in words, that another card is charged as soon as it becomes the default, by the saved settings. Null
 * when nothing.
 */
export function atOnceInWords({ state, asOf }: Outlook): string | null {
  const isWaiting = state.paymentMethod === null || state.failures !== null || state.paymentMethod.isExpired
  if (!isWaiting) return null
  // Another card makes a pool due if its card had failed. Any other pool stays due only for what made it due before.
  const due = state.failures ? ({ cause: "new_card", needsNanos: null } as const) : state.due
  const decision = decideTopUp(
    { ...state, due, paymentMethod: { fingerprint: "new", isExpired: false } },
    asOf,
  )
  if (decision.kind !== "charge") return null
  return `Auto top-up is on and your balance is low: the new default is charged ${formatUsd(decision.amountNanos)} at once.`
}
