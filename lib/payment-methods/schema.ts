import { z } from "@/lib/zod"

/** Cards from before Stripe had payment methods keep their own prefix. */
export const paymentMethodIdSchema = z
  .string()
  .regex(/^(pm|card|src|ba)_\w{1,200}$/, "This payment method is not known.")

export const startAddingSchema = z.strictObject({ requestKey: z.uuid() })

export const finishAddingSchema = z.strictObject({
  setupIntentId: z.string().regex(/^seti_\w{1,200}$/, "This card is not known."),
  makeDefault: z.boolean(),
})

export const paymentMethodRefSchema = z.strictObject({ paymentMethodId: paymentMethodIdSchema })

export type StartedAdding = { clientSecret: string }

export type FinishedAdding =
  /** Saved at Stripe. `name` is null until our copy has it. */
  | { status: "saved"; paymentMethodId: string; name: string | null; isDefault: boolean }
  /** Nothing was saved under this SetupIntent. */
  | { status: "not_saved" }
