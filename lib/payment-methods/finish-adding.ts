import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db, Tx } from "@/lib/db/client"
import { answerForReader } from "@/lib/stripe/outcome"
import { setDefaultPaymentMethod } from "@/lib/stripe/payment-methods"
import { readSetupIntent } from "@/lib/stripe/setup-intents"
import { requireManager } from "./admit"
import type { PaymentMethodCtx } from "./ctx"
import { PaymentMethodNotFoundError } from "./errors"
import { schedulePayingWithDefault } from "./pay-with-default"
import { recordAdded } from "./record-method"
import type { FinishedAdding } from "./schema"
import { syncOrWaitForEvent } from "./sync-payment-methods"
import { nameOf } from "./words"

/** A card that Stripe has saved and couldn't be asked about since. */
const UNREAD = { type: "card", brand: null, last4: null, label: null }

/**
 * Records the card that a person has just added, with who did it, and makes it the default if that was requested or there is no other.
 * The card was saved before this call: if it never runs, Stripe's event brings the card. Another team's SetupIntent
 * is not found.
 */
export async function finishAdding(
  ctx: PaymentMethodCtx,
  { setupIntentId, makeDefault }: { setupIntentId: string; makeDefault: boolean },
): Promise<FinishedAdding> {
  await ctx.db.$transaction(async (tx) => {
    await requireManager(tx, ctx)
    if (makeDefault) await schedulePayingWithDefault(tx, ctx)
  })
  const customerId = await findStripeCustomer(ctx.db, ctx.team.id)
  const setup = customerId === null ? null : answerForReader(await readSetupIntent(setupIntentId))
  if (!customerId || setup?.kind !== "found" || setup.customerId !== customerId)
    throw new PaymentMethodNotFoundError()
  const id = setup.paymentMethodId
  if (id === null) return { status: "not_saved" }

  if (makeDefault) await setDefaultPaymentMethod(customerId, id)
  const record = async (tx: Tx) => {
    const row = await readRow(tx, ctx, id)
    await recordAdded(tx, ctx, { method: row ?? { id, ...UNREAD }, makeDefault })
  }
  const isCopied = await syncOrWaitForEvent(ctx, ctx.team.id, record)
  // Without the copy there is no other transaction: Stripe has the card already.
  if (!isCopied) await ctx.db.$transaction(record)
  const row = await readRow(ctx.db, ctx, id)
  return {
    status: "saved",
    paymentMethodId: id,
    name: row && nameOf(row),
    isDefault: row?.isDefault ?? false,
  }
}

function readRow(db: Db | Tx, { team }: PaymentMethodCtx, id: string) {
  return db.paymentMethod.findUnique({ where: { teamId_id: { teamId: team.id, id } } })
}
