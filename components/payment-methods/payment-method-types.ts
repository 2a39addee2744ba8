import type { FinishedAdding, StartedAdding } from "@/lib/payment-methods/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type PaymentMethodEntry = {
  id: string
  /** `Visa •••• 4242` */
  name: string
  /** The same name for screen readers. */
  spokenName: string
  /** Null when it doesn't expire. */
  expires: { on: string; state: "valid" | "soon" | "expired" } | null
  isDefault: boolean
  /** False when it can't be charged without the customer present. */
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
