import type { FinishedAdding, StartedAdding } from "@/lib/payment-methods/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type PaymentMethodEntry = {
  id: string
  /** `Visa •••• 4242` */
  name: string
  /** The same for a voice. */
  spokenName: string
  /** Null for what doesn't expire. */
  expires: { on: string; state: "valid" | "soon" | "expired" } | null
  isDefault: boolean
  /** False for what can't be charged while nobody is there. */
  canBeDefault: boolean
}

export type PaymentMethodRef = { paymentMethodId: string }

/** Server actions. */
export type AddingActions = {
  startAdding: (input: { requestKey: string }) => Promise<ActionResult<StartedAdding>>
  finishAdding: (input: {
    setupIntentId: string
    makeDefault: boolean
  }) => Promise<ActionResult<FinishedAdding>>
}

export type ChangingActions = {
  setDefault: (input: PaymentMethodRef) => Promise<ActionResult<void>>
  removePaymentMethod: (input: PaymentMethodRef) => Promise<ActionResult<void>>
}
