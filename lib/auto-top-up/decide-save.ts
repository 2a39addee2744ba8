import { type Decision, decideTopUp, type TopUpState } from "./decide"
import type { AgreedCharge } from "./schema"

/** What a person is about to save. */
export type SaveForm = Pick<TopUpState, "enabled" | "thresholdNanos" | "amountNanos" | "capNanos">

/** What saving this charges at once, or why nothing. The page says it before; the save does it. */
export function decideSave(state: TopUpState, form: SaveForm, now: Date): Decision {
  const isTurnedOn = form.enabled && !state.enabled
  const due = { cause: "save", needsNanos: null } as const
  const fresh = isTurnedOn ? { failures: null, paused: null } : {}
  return decideTopUp({ ...state, ...form, ...fresh, due }, now)
}

/** What resuming charges at once, or why nothing: a suspension and a pause are over by it. What made it due before counts. */
export function decideResume(state: TopUpState, now: Date): Decision {
  const due = state.due ?? ({ cause: "save", needsNanos: null } as const)
  return decideTopUp({ ...state, failures: null, paused: null, due }, now)
}

/** Whether whoever saves was told of exactly this charge. Nothing to charge needs no leave. */
export function isAgreed(
  decision: Decision,
  paymentMethodId: string | null,
  agreed: AgreedCharge | null,
): boolean {
  if (decision.kind === "no") return true
  return agreed?.amountNanos === decision.amountNanos && agreed.paymentMethodId === paymentMethodId
}
