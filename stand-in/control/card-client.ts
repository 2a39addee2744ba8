import type Stripe from "stripe"
import type { z } from "zod"
import type { OtherType } from "../objects/other-methods"
import type { AttemptOutcome } from "../payments/payments"
import type { setupSteerSchema } from "../world/steering"
import type { ControlCall } from "./call"
import type { cardUpdateSchema } from "./card-schemas"

export function cardControls(call: ControlCall) {
  const post = <T>(path: string, body?: unknown) => call<T>("POST", path, body)
  return {
    nextSetup: (steer: z.input<typeof setupSteerSchema>) => post<{ ok: true }>("/setups/next", steer),
    authenticateSetup: (intent: string, outcome: "complete" | "fail") =>
      post<{ outcome: AttemptOutcome; intent: Stripe.SetupIntent }>(`/setup_intents/${intent}/authenticate`, {
        outcome,
      }),
    /** A wallet or a bank account that nobody has used yet. */
    newMethod: (type: OtherType) => post<Stripe.PaymentMethod>("/payment_methods", { type }),
    expireCard: (method: string) => post<Stripe.PaymentMethod>(`/payment_methods/${method}/expire`),
    updateCard: (method: string, input: z.input<typeof cardUpdateSchema>) =>
      post<Stripe.PaymentMethod>(`/payment_methods/${method}/update`, input),
    /** From now on the bank refuses off-session payments, until the cardholder has authenticated once. */
    requireAuthentication: (method: string) =>
      post<Stripe.PaymentMethod>(`/payment_methods/${method}/require_authentication`),
  }
}
