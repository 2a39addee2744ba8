import { beginSnapshot, claimSnapshot } from "@/lib/customers/snapshots"
import { findStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { ignoreForeign } from "@/lib/stripe/ignore-foreign"
import { requireAnswer } from "@/lib/stripe/outcome"
import { readPeriodPayment } from "@/lib/stripe/subscription-invoices"
import { type FoundSubscription, listSubscriptions, readSubscription } from "@/lib/stripe/subscriptions"
import { applySubscription, type ChosenSubscription } from "./apply-subscription"
import { isLive } from "./subscription-status"

/** A team of a thousand people has a thousand pools, which change together or not at all. */
const TRANSACTION_MS = 60_000

type Ctx = { db: Db; now: Date }

/**
 * Reads all of a team's subscriptions at Stripe and records what follows for the team: the copy, its plan, its
 * billing anchor and what its pools get. Late, repeated, concurrent or out of order, it ends in the same state: each
 * read is of the whole, and a read is dropped if a later one was written first. Throws UnavailableError, with nothing
 * changed, when Stripe can't be asked.
 */
export async function syncSubscription(ctx: Ctx, teamId: string): Promise<void> {
  const number = await beginSnapshot(ctx.db, { teamId, kind: "subscription" })
  const found = await findSubscriptions(ctx.db, teamId)
  if (!found) return
  const chosen = await withPayment(choose(found))
  if (chosen.liveIds.length > 1)
    alarm("second_subscription", { team: teamId, counts: chosen.subscription?.stripeId ?? null })
  await ctx.db.$transaction(
    async (tx) => {
      if (!(await claimSnapshot(tx, { teamId, kind: "subscription" }, number))) return
      await applySubscription(tx, teamId, chosen, ctx.now)
    },
    { timeout: TRANSACTION_MS, maxWait: TRANSACTION_MS },
  )
}

/** Returns Stripe's subscriptions of the team. Null if it can't tell, and nothing may be concluded from that. */
async function findSubscriptions(db: Db, teamId: string): Promise<FoundSubscription[] | null> {
  const customerId = await findStripeCustomer(db, teamId)
  const listed = customerId === null ? null : requireAnswer(await listSubscriptions(customerId))
  if (listed?.kind === "found") {
    for (const subscription of listed.unknown) ignoreForeign("subscription", subscription)
    if (listed.subscriptions.length > 0) return listed.subscriptions
  }
  // The customer was deleted or replaced, which ends its subscriptions. A subscription that we know confirms that
  // itself. With a wrong key or a restored database nothing does, and no team must lose its plan for that.
  const known = await db.subscription.findUnique({ where: { teamId }, select: { stripeId: true } })
  if (!known) return []
  const read = requireAnswer(await readSubscription(known.stripeId))
  if (read.kind === "found" && read.subscription) return [read.subscription]
  alarm("subscription_vanished", { team: teamId, subscription: known.stripeId })
  return null
}

/**
 * Chooses the subscription that counts: the newest paid one of the live ones, else the newest of all. A team should
 * have only one. With two, somebody paid twice, and a person has to end one.
 */
function choose(found: FoundSubscription[]): Omit<ChosenSubscription, "payment"> {
  const live = found.filter(({ status }) => isLive(status))
  const paid = live.filter(({ status }) => status !== "past_due")
  const [subscription = null] = [...paid, ...live, ...found]
  return { subscription, liveIds: live.map(({ stripeId }) => stripeId) }
}

/** Adds the outcome of the period's payment. A subscription that was never paid has none. */
async function withPayment(chosen: Omit<ChosenSubscription, "payment">): Promise<ChosenSubscription> {
  const { subscription } = chosen
  if (!subscription || NEVER_PAID.includes(subscription.status)) return { ...chosen, payment: null }
  const payment = requireAnswer(await readPeriodPayment(subscription))
  return { ...chosen, payment }
}

const NEVER_PAID: FoundSubscription["status"][] = ["incomplete", "incomplete_expired"]
