import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { MINUTE_MS } from "@/lib/clock"
import { requireStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db, Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { ConflictError, PaymentSetupError, UnavailableError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { takeCheckoutAttempt } from "@/lib/rate-limits/take-checkout-attempt"
import { expireCheckout } from "@/lib/stripe/gateway"
import { answerForReader } from "@/lib/stripe/outcome"
import { openSubscriptionCheckout } from "@/lib/stripe/subscriptions"
import { requirePermission } from "@/lib/teams/require-permission"
import { planSubject } from "./plan-subject"
import { isLarger } from "./raised-credits"
import type { SoldPlan, StartedSubscription } from "./schema"
import { isOpen } from "./subscription-status"
import { syncSubscription } from "./sync-subscription"

/** Stripe wants at least 30 minutes. A little more absorbs the difference between clocks. */
const CHECKOUT_LIFETIME_MS = 45 * MINUTE_MS
/** After this the checkout has ended for Stripe too. */
const CLOCK_DIFFERENCE_MS = 2 * MINUTE_MS

const NOTHING_CHARGED = "Nothing was charged."

export type SubscribeCtx = {
  db: Db
  now: Date
  appUrl: string
  team: { id: string; slug: string; name: string }
  actor: MemberActor
}

type Checkout = { id: string; plan: Plan; quantity: number; customerId: string; expiresAt: Date }

/**
 * Opens the checkout in which the team subscribes to a plan, for as many members as it has. A repeated request
 * returns the same checkout. A request for another plan first ends the former one, so that at most one can be paid.
 * Throws ConflictError while there is a subscription, and UnavailableError if Stripe can't be reached. Nothing is
 * charged before a person pays.
 */
export async function startSubscription(
  ctx: SubscribeCtx,
  input: { plan: SoldPlan; quantity: number },
): Promise<StartedSubscription> {
  const { db, team, actor } = ctx
  await db.$transaction((tx) =>
    requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "plan:change"),
  )
  const customerId = await requireStripeCustomer(ctx, { ...team, email: actor.email })
  // There may be a subscription whose events were lost.
  await syncSubscription(ctx, team.id).catch((error: unknown) => {
    const kind = error instanceof PaymentSetupError ? "our_mistake" : "unavailable"
    if (error instanceof UnavailableError) answerForReader({ kind }, NOTHING_CHARGED)
    throw error
  })
  const former = await findFormer(db, team.id, { ...input, customerId }, ctx.now)
  if (former) await endFormer(ctx, former)
  const checkout = await db.$transaction((tx) => recordCheckout(tx, ctx, { ...input, customerId }))
  const outcome = await openSubscriptionCheckout({
    ...checkout,
    checkoutId: checkout.id,
    returnUrl: `${ctx.appUrl}/${team.slug}/settings/account/billing/plan-return`,
  })
  // The next try creates another customer.
  if (outcome.kind === "customer_missing") await retireStripeCustomer(ctx, customerId)
  if (outcome.kind !== "opened") {
    await giveUp(ctx, checkout.id)
    answerForReader(outcome, NOTHING_CHARGED)
    throw new ConflictError("Stripe doesn’t know your team any more. Nothing was charged. Try again.")
  }
  const { count } = await db.subscriptionCheckout.updateMany({
    where: { teamId: team.id, id: checkout.id, endedAt: null },
    data: { checkoutSessionId: outcome.sessionId },
  })
  if (count === 0) {
    // Another was requested meanwhile. Nobody was given this one, and nobody may pay it.
    await expireCheckout(outcome.sessionId)
    throw new ConflictError("This checkout has ended. Close it and start again.")
  }
  return { clientSecret: outcome.clientSecret }
}

type Asked = { plan: SoldPlan; quantity: number; customerId: string }

/** Finds a checkout for something else that could still be paid. */
async function findFormer(db: Db, teamId: string, asked: Asked, now: Date) {
  const open = await db.subscriptionCheckout.findFirst({ where: { teamId, endedAt: null } })
  return open && !isFor(open, asked, now) ? open : null
}

function isFor(checkout: Checkout, asked: Asked, now: Date): boolean {
  return (
    checkout.plan === asked.plan &&
    checkout.quantity === asked.quantity &&
    checkout.customerId === asked.customerId &&
    checkout.expiresAt > now
  )
}

type Former = Checkout & { checkoutSessionId: string | null }

/** Ends a checkout at Stripe, if somebody was given it, and then here. */
async function endFormer(ctx: SubscribeCtx, former: Former): Promise<void> {
  const { db, team, now } = ctx
  const { id, checkoutSessionId } = former
  const isOver = former.expiresAt.getTime() + CLOCK_DIFFERENCE_MS < now.getTime()
  if (!isOver && checkoutSessionId) {
    const outcome = answerForReader(await expireCheckout(checkoutSessionId), NOTHING_CHARGED)
    // It was paid at the last moment, perhaps in another tab. The team has its subscription then.
    if (outcome.kind === "not_open") await syncSubscription(ctx, team.id)
  }
  const { count } = await db.subscriptionCheckout.updateMany({
    where: { teamId: team.id, id, endedAt: null, checkoutSessionId },
    data: { endedAt: now },
  })
  if (count > 0) return
  // Its session was written down since it was read, and somebody may pay it.
  const since = await db.subscriptionCheckout.findFirst({ where: { teamId: team.id, id, endedAt: null } })
  if (since) await endFormer(ctx, since)
}

// Ends a failed attempt: Stripe repeats a failure under its key, so the next try takes another. Not if the same
// request, sent twice, has opened the checkout meanwhile, which can still be paid.
async function giveUp({ db, team, now }: SubscribeCtx, id: string): Promise<void> {
  await db.subscriptionCheckout.updateMany({
    where: { teamId: team.id, id, endedAt: null, checkoutSessionId: null },
    data: { endedAt: now },
  })
}

async function recordCheckout(tx: Tx, ctx: SubscribeCtx, asked: Asked): Promise<Checkout> {
  const { team, actor, now } = ctx
  const member = { teamId: team.id, memberId: actor.memberId }
  await requirePermission(tx, member, "plan:change")
  const [current] = await tx.$queryRaw<{ plan: Plan }[]>`
    SELECT plan FROM teams WHERE id = ${team.id}::uuid FOR NO KEY UPDATE`
  const copy = await tx.subscription.findUnique({ where: { teamId: team.id } })
  if (copy && isOpen(copy.status))
    throw new ConflictError("Your team already has a subscription. Change it under Manage in Stripe.")
  if (!current || !isLarger(asked.plan, current.plan))
    throw new ConflictError("Your team already has this plan or a larger one.")
  const members = await tx.member.count({ where: { teamId: team.id, removedAt: null } })
  if (members !== asked.quantity)
    throw new ConflictError(`Your team has ${members} members by now. Check the new total, then continue.`)

  const open = await tx.subscriptionCheckout.findFirst({ where: { teamId: team.id, endedAt: null } })
  if (open && isFor(open, asked, now)) return open
  if (open) throw new ConflictError("Another checkout was just opened for your team. Try again.")
  await takeCheckoutAttempt(tx, { userId: actor.userId, teamId: team.id, address: actor.address }, now)
  const expiresAt = new Date(now.getTime() + CHECKOUT_LIFETIME_MS)
  const checkout = { id: newId(), ...asked, expiresAt }
  await tx.subscriptionCheckout.create({
    data: { teamId: team.id, ...checkout, requestedByMemberId: actor.memberId, createdAt: now },
  })
  const subject = planSubject(asked.plan)
  const after = { members: asked.quantity }
  await recordEvent(tx, { teamId: team.id, actor, kind: "plan.checkout_opened", subject, after }, now)
  return checkout
}
