import { expect, test } from "vitest"
import { finishAddingSchema, paymentMethodRefSchema, startAddingSchema } from "./schema"

test.each(["pm_1AbC", "card_1", "src_1", "ba_1"])("%s names a payment method", (paymentMethodId) => {
  expect(paymentMethodRefSchema.safeParse({ paymentMethodId }).success).toBe(true)
})

test.each<[{ safeParse: (input: unknown) => { success: boolean } }, unknown]>([
  [paymentMethodRefSchema, { paymentMethodId: "../customers" }],
  [paymentMethodRefSchema, { paymentMethodId: { not: "" } }],
  [paymentMethodRefSchema, { paymentMethodId: "pm_1", teamId: "x" }],
  [paymentMethodRefSchema, { paymentMethodId: `pm_${"a".repeat(201)}` }],
  [finishAddingSchema, { setupIntentId: "seti_1/../../refunds", makeDefault: true }],
  [finishAddingSchema, { setupIntentId: "seti_1", makeDefault: "yes" }],
  [startAddingSchema, { requestKey: "short" }],
])(
  "input that no form of ours sends is refused, because it would become part of Stripe’s address",
  (schema, input) => {
    expect(schema.safeParse(input).success).toBe(false)
  },
)
