import { requireStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import { ConflictError } from "@/lib/errors"
import { answerForReader } from "@/lib/stripe/outcome"
import { createSetupIntent } from "@/lib/stripe/setup-intents"
import { admitAdding } from "./admit"
import type { PaymentMethodCtx } from "./ctx"
import type { StartedAdding } from "./schema"

/**
 * Opens the form in which an Owner or Admin adds a card. Nothing is charged or saved before it is filled in. The same
 * request key returns the same form. Throws `TooManyAttemptsError` before Stripe is asked.
 */
export async function startAdding(
  ctx: PaymentMethodCtx,
  { requestKey }: { requestKey: string },
): Promise<StartedAdding> {
  await ctx.db.$transaction((tx) => admitAdding(tx, ctx))
  const outcome = answerForReader(await createForTeam(ctx, requestKey))
  if (outcome.kind !== "created")
    throw new ConflictError("Stripe doesn’t know your team any more. Try again.")
  return { clientSecret: outcome.clientSecret }
}

// A customer missing at Stripe is replaced, once: a team must not be locked out for good.
async function createForTeam(ctx: PaymentMethodCtx, requestKey: string) {
  const team = { ...ctx.team, email: ctx.actor.email }
  const customerId = await requireStripeCustomer(ctx, team)
  const request = { teamId: team.id, requestKey }
  const outcome = await createSetupIntent({ ...request, customerId })
  if (outcome.kind !== "customer_missing") return outcome
  await retireStripeCustomer(ctx, customerId)
  return createSetupIntent({ ...request, customerId: await requireStripeCustomer(ctx, team) })
}
