"use server"

import { finishAdding } from "@/lib/payment-methods/finish-adding"
import { removePaymentMethod as remove } from "@/lib/payment-methods/remove-payment-method"
import { finishAddingSchema, paymentMethodRefSchema, startAddingSchema } from "@/lib/payment-methods/schema"
import { setDefault } from "@/lib/payment-methods/set-default"
import { startAdding } from "@/lib/payment-methods/start-adding"
import { type ActionCtx, memberAction } from "@/lib/web/member-action"

export const startAddingPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: startAddingSchema,
  asksStripe: true,
  run: (ctx, input) => startAdding(toMethodCtx(ctx), input),
})

export const finishAddingPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: finishAddingSchema,
  asksStripe: true,
  run: (ctx, input) => finishAdding(toMethodCtx(ctx), input),
})

export const setDefaultPaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: paymentMethodRefSchema,
  asksStripe: true,
  run: (ctx, input) => setDefault(toMethodCtx(ctx), input),
})

export const removePaymentMethod = memberAction({
  permission: "payment-methods:manage",
  input: paymentMethodRefSchema,
  asksStripe: true,
  run: (ctx, input) => remove(toMethodCtx(ctx), input),
})

function toMethodCtx({ db, now, team, member, user, address }: ActionCtx) {
  return { db, now, team, actor: { memberId: member.id, userId: user.id, email: user.email, address } }
}
