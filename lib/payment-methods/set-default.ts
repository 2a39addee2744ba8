import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import { ConflictError } from "@/lib/errors"
import { answerForReader } from "@/lib/stripe/outcome"
import { setDefaultPaymentMethod } from "@/lib/stripe/payment-methods"
import { requireManager } from "./admit"
import { canBeChargedLater } from "./chargeable"
import type { PaymentMethodCtx } from "./ctx"
import { PaymentMethodNotFoundError } from "./errors"
import { schedulePayingWithDefault } from "./pay-with-default"
import { recordMethod } from "./record-method"
import { syncOrWaitForEvent } from "./sync-payment-methods"
import { nameOf } from "./words"

/**
 * Chooses what pays for purchases, the plan and automatic top-ups from now on. Repeating it changes nothing. Throws
 * `UnavailableError` if Stripe can't be reached; it may or may not have been set then, and the copy shows which.
 */
export async function setDefault(
  ctx: PaymentMethodCtx,
  { paymentMethodId }: { paymentMethodId: string },
): Promise<void> {
  const teamId = ctx.team.id
  const customerId = await findStripeCustomer(ctx.db, teamId)
  await ctx.db.$transaction(async (tx) => {
    await requireManager(tx, ctx)
    const known =
      customerId && (await tx.paymentMethod.findFirst({ where: { teamId, id: paymentMethodId, customerId } }))
    if (!known) throw new PaymentMethodNotFoundError()
    if (!canBeChargedLater(known))
      throw new ConflictError(`${nameOf(known)} needs you for each payment, so it can’t be the default.`)
    await recordMethod(tx, ctx, "payment_method.default_chosen", known)
    await schedulePayingWithDefault(tx, ctx)
  })
  if (!customerId) throw new PaymentMethodNotFoundError()
  const outcome = answerForReader(await setDefaultPaymentMethod(customerId, paymentMethodId))
  await syncOrWaitForEvent(ctx, teamId)
  if (outcome.kind === "missing") throw new PaymentMethodNotFoundError()
}
