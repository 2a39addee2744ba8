import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { takeCheckoutAttempt } from "@/lib/rate-limits/take-checkout-attempt"
import { requirePermission } from "@/lib/teams/require-permission"
import type { PaymentMethodCtx } from "./ctx"

const WINDOW_MS = 10 * MINUTE_MS

/** Stripe answers only so many calls per second, for all teams together: nobody should use them up. */
const CHANGES_OF_A_TEAM = 90

/** Lets an Owner or Admin open a form for a card. Before Stripe is asked anything. */
export async function admitAdding(tx: Tx, ctx: PaymentMethodCtx): Promise<void> {
  await requireManager(tx, ctx)
  const { team, actor, now } = ctx
  await takeCheckoutAttempt(tx, { userId: actor.userId, teamId: team.id, address: actor.address }, now)
}

/** Lets an Owner or Admin change what is there. Before Stripe is asked anything. */
export async function admitChange(tx: Tx, ctx: PaymentMethodCtx): Promise<void> {
  await requireManager(tx, ctx)
  const subject = `payment-method-change:team:${ctx.team.id}`
  await takeAttempt(tx, { subject, limit: CHANGES_OF_A_TEAM, windowMs: WINDOW_MS }, ctx.now)
}

/** Throws `ForbiddenError` for everybody else, and holds the role still until the transaction ends. */
export async function requireManager(tx: Tx, { team, actor }: PaymentMethodCtx): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "payment-methods:manage")
}
