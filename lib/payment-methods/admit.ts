import type { Tx } from "@/lib/db/client"
import { takeCheckoutAttempt } from "@/lib/rate-limits/take-checkout-attempt"
import { requirePermission } from "@/lib/teams/require-permission"
import type { PaymentMethodCtx } from "./ctx"

/** Lets an Owner or Admin open a form for a card. Called before Stripe is asked anything. */
export async function admitAdding(tx: Tx, ctx: PaymentMethodCtx): Promise<void> {
  await requireManager(tx, ctx)
  const { team, actor, now } = ctx
  await takeCheckoutAttempt(tx, { userId: actor.userId, teamId: team.id, address: actor.address }, now)
}

/** Throws `ForbiddenError` for everybody else, and holds the role still until the transaction ends. */
export async function requireManager(tx: Tx, { team, actor }: PaymentMethodCtx): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "payment-methods:manage")
}
