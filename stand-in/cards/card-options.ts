import type Stripe from "stripe"
import { z } from "zod"
import { invalidRequest } from "../notation/errors"

const usage = z.enum(["installment", "recurring", "unscheduled"])

/** The facts that card networks want about a card that is or was kept. */
export const paymentOptions = z
  .strictObject({
    card: z
      .strictObject({ setup_credential_usage: usage.optional(), stored_credential_usage: usage.optional() })
      .optional(),
  })
  .optional()

export const setupOptions = z
  .strictObject({ card: z.strictObject({ setup_credential_usage: usage.optional() }).optional() })
  .optional()

type CardOptions = Stripe.PaymentIntent.PaymentMethodOptions.Card

export function requireCredentialUsage(
  futureUsage: string | null,
  given: Pick<CardOptions, "stored_credential_usage"> | undefined,
): void {
  if (!futureUsage || !given?.stored_credential_usage) return
  throw invalidRequest(
    "`payment_method_options[card][stored_credential_usage]` is currently unsupported with `setup_future_usage`.",
    { param: "payment_method_options[card][stored_credential_usage]" },
  )
}

/**
 * How the card will be used where it was kept, and how it is used where nobody was present, as recorded on the
 * charge.
 */
export function usageOnCharge(
  intent: Stripe.PaymentIntent,
  offSession: boolean,
): Pick<CardOptions, "setup_credential_usage" | "stored_credential_usage"> {
  const { setup_credential_usage: setup, stored_credential_usage: stored } =
    intent.payment_method_options?.card ?? {}
  return {
    ...(setup && intent.setup_future_usage ? { setup_credential_usage: setup } : {}),
    ...(stored && offSession ? { stored_credential_usage: stored } : {}),
  }
}
