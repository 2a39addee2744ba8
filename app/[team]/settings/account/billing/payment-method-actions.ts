"use server"

import { finishAdding } from "@/lib/payment-methods/finish-adding"
import { removePaymentMethod as remove } from "@/lib/payment-methods/remove-payment-method"
import { finishAddingSchema, paymentMethodRefSchema, startAddingSchema } from "@/lib/payment-methods/schema"
import { setDefault } from "@/lib/payment-methods/set-default"
import { startAdding } from "@/lib/payment-methods/start-adding"
import { memberAction } from "@/lib/web/member-action"

export const startAddingPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: startAddingSchema,
  asksStripe: true,
  run: startAdding,
})

export const finishAddingPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: finishAddingSchema,
  asksStripe: true,
  run: finishAdding,
})

export const setDefaultPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: paymentMethodRefSchema,
  asksStripe: true,
  run: setDefault,
})

export const removePaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: paymentMethodRefSchema,
  asksStripe: true,
  run: remove,
})
