import { type Decision, decideTopUp, type TopUpState } from "./decide"
import type { AgreedCharge } from "./schema"

/** The form that a person is about to save. */
export type SaveForm = Pick<TopUpState, "enabled" | "thresholdNanos" | "amountNanos" | "capNanos">

/** Returns what saving this charges at once, or why nothing. The page says it first; the save does it. */
export function decideSave(state: TopUpState, form: SaveForm, now: Date): Decision {
  const isTurnedOn = form.enabled && !state.enabled
  const due = { cause: "save", needsNanos: null } as const
  const fresh = isTurnedOn ? { failures: null, paused: null } : {}
  return decideTopUp({ ...state, ...form, ...fresh, due }, now)
}

/**
 * Returns what resuming charges at once, or why nothing. It ends a suspension and a pause. An earlier reason to be
 * due still counts.
 */
export function decideResume(state: TopUpState, now: Date): Decision {
  const due = state.due ?? ({ cause: "save", needsNanos: null } as const)
  return decideTopUp({ ...state, failures: null, paused: null, due }, now)
}

type Amount = { amountNanos: bigint }

/** Returns which of the team's other pools the form's cap lets through after this one, for as long as each has room. */
export function decideOthers<Pool extends Amount>(
  waiting: Pool[],
  { state, form, decision }: { state: TopUpState; form: Pick<SaveForm, "capNanos">; decision: Decision },
): Pool[] {
  let committedNanos = state.committedNanos + chargeOf(decision)
  return waiting.filter(({ amountNanos }) => {
    if (form.capNanos !== null && committedNanos + amountNanos > form.capNanos) return false
    committedNanos += amountNanos
    return true
  })
}

/** Returns the charge for this pool and the others together. */
export function totalCharge(decision: Decision, others: Amount[]): bigint {
  return others.reduce((sum, { amountNanos }) => sum + amountNanos, chargeOf(decision))
}

const chargeOf = (decision: Decision): bigint => (decision.kind === "charge" ? decision.amountNanos : 0n)

/** Whether the person who saves was told of exactly this charge. No charge needs no consent. */
export function isAgreed(
  chargeNanos: bigint,
  paymentMethodId: string | null,
  agreed: AgreedCharge | null,
): boolean {
  if (chargeNanos === 0n) return true
  return agreed?.amountNanos === chargeNanos && agreed.paymentMethodId === paymentMethodId
}
