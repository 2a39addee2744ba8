import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { requireStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { takeCheckoutAttempt } from "@/lib/rate-limits/take-checkout-attempt"
import { answerForReader } from "@/lib/stripe/outcome"
import { openPortal as open } from "@/lib/stripe/portal"
import { can } from "@/lib/teams/permissions"
import { requirePermission } from "@/lib/teams/require-permission"
import type { z } from "@/lib/zod"
import type { openPortalSchema } from "./schema"

export type PortalCtx = {
  db: Db
  now: Date
  appUrl: string
  team: { id: string; slug: string; name: string }
  actor: MemberActor
}

/**
 * Returns the address of a visit to Stripe's Customer Portal, valid for a short time. An Owner may change and cancel
 * the plan there, an Admin only change payment methods and invoice details. It leads back to the tab of Billing that
 * it was opened from, with this pool.
 */
export async function openPortal(
  ctx: PortalCtx,
  { tab, poolId }: z.infer<typeof openPortalSchema>,
): Promise<{ url: string }> {
  const { db, team, actor, appUrl } = ctx
  const role = await db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "portal:open")
    await takeCheckoutAttempt(tx, { userId: actor.userId, teamId: team.id, address: actor.address }, ctx.now)
    await recordEvent(tx, { teamId: team.id, actor, kind: "portal.opened" }, ctx.now)
    const where = { teamId_id: { teamId: team.id, id: actor.memberId } }
    return (await tx.member.findUniqueOrThrow({ where, select: { role: true } })).role
  })
  const customerId = await requireStripeCustomer(ctx, { ...team, email: actor.email })
  const back = `${appUrl}/${team.slug}/settings/account/billing/plan-return?tab=${tab}`
  const opened = await open({
    customerId,
    rights: can(role, "plan:change") ? "plan" : "payment",
    returnUrl: poolId ? `${back}&pool=${toPublicId("pool", poolId)}` : back,
  })
  const outcome = answerForReader(opened, "Nothing was changed.")
  if (outcome.kind === "opened") return { url: outcome.url }
  // The next try creates another customer.
  await retireStripeCustomer(ctx, customerId)
  throw new ConflictError("Stripe doesn’t know your team any more. Try again.")
}
