import type Stripe from "stripe"
import { renewPool } from "@/lib/billing/renew-pool"
import type { SoldPlan } from "@/lib/billing/schema"
import { startSubscription } from "@/lib/billing/start-subscription"
import { syncSubscription } from "@/lib/billing/sync-subscription"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { requirePlanPrices } from "@/lib/stripe/plans"
import { stripeAt } from "@/stand-in/testing"
import { readPool, type TestPool } from "./ledger"
import type { TestMember, TestTeam } from "./teams"
import type { World } from "./world"

type Asked = { plan?: SoldPlan; quantity?: number; actor?: TestMember; now?: Date; db?: Db; address?: string }

/** Requests the checkout of a plan as the team's Owner, unless told otherwise. */
export function askForSubscription(world: World, team: TestTeam, asked: Asked = {}) {
  const actor = asked.actor ?? team.owner
  return startSubscription(
    {
      db: asked.db ?? world.db,
      now: asked.now ?? new Date(),
      appUrl: "http://localhost:3000",
      team,
      actor: { ...actor, address: asked.address ?? `address of ${team.id}` },
    },
    { plan: asked.plan ?? "build", quantity: asked.quantity ?? 3 },
  )
}

/** Returns the team's open checkout. */
export async function openCheckoutOf(world: World, team: TestTeam) {
  const checkout = await world.db.subscriptionCheckout.findFirstOrThrow({
    where: { teamId: team.id, endedAt: null },
  })
  if (!checkout.checkoutSessionId) throw new Error("The checkout has no session")
  return { ...checkout, sessionId: checkout.checkoutSessionId }
}

/** Returns the time by Stripe's clock, which tests move. */
export async function stripeNow(world: World): Promise<Date> {
  return new Date((await world.stripe.control.clock()).now_ms)
}

/** Subscribes a team as its Owner does, up to the paid checkout. Nothing of ours has heard of it yet. */
export async function payForPlan(world: World, team: TestTeam, plan: SoldPlan = "build"): Promise<string> {
  await askForSubscription(world, team, { plan, now: await stripeNow(world) })
  const { sessionId, customerId } = await openCheckoutOf(world, team)
  await world.stripe.control.pay(sessionId)
  return customerId
}

/** The same, and read by us. */
export async function subscribe(world: World, team: TestTeam, plan: SoldPlan = "build") {
  const customerId = await payForPlan(world, team, plan)
  await sync(world, team)
  const { stripeId } = await readCopy(world, team)
  return { customerId, stripeId }
}

export async function sync(world: World, team: TestTeam, db = world.db): Promise<void> {
  await syncSubscription({ db, now: await stripeNow(world) }, team.id)
}

export function readCopy(world: World, team: TestTeam) {
  return world.db.subscription.findUniqueOrThrow({ where: { teamId: team.id } })
}

/** Begins a pool's period as its first use does. */
export async function beginUse(world: World, team: TestTeam, member = team.owner): Promise<void> {
  const now = await stripeNow(world)
  const pool = { teamId: team.id, poolId: member.poolId }
  await world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))
}

/** Changes the plan at once, as an upgrade in the portal does. */
export async function changePlanAtStripe(
  world: World,
  subscriptionId: string,
  plan: SoldPlan,
  more: Stripe.SubscriptionUpdateParams = {},
): Promise<void> {
  const stripe = stripeAt(world.stripe.url)
  const { items } = await stripe.subscriptions.retrieve(subscriptionId)
  const price = (await requirePlanPrices()).find((each) => each.plan === plan)?.priceId
  await stripe.subscriptions.update(subscriptionId, {
    items: [{ id: items.data[0]?.id, price }],
    proration_behavior: "always_invoice",
    ...more,
  })
}

/** Ends the period now, or by moving the clock to its end, with a refused renewal. */
export async function failRenewal(
  world: World,
  subscriptionId: string,
  { byTime = false }: { byTime?: boolean } = {},
): Promise<void> {
  if (!byTime) {
    await world.stripe.control.renewSubscription(subscriptionId, { outcome: "fail" })
    return
  }
  const stripe = stripeAt(world.stripe.url)
  const { customer, items } = await stripe.subscriptions.retrieve(subscriptionId)
  const method = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
    customer: String(customer),
  })
  await stripe.subscriptions.update(subscriptionId, { default_payment_method: method.id })
  const end = (items.data[0]?.current_period_end ?? 0) * 1000
  await world.stripe.control.advance(end - (await stripeNow(world)).getTime() + 1000)
}

/** Pays the newest open invoice, as on Stripe's own page. */
export async function payOpenInvoice(world: World, subscriptionId: string): Promise<void> {
  const stripe = stripeAt(world.stripe.url)
  const { data } = await stripe.invoices.list({ subscription: subscriptionId, status: "open" })
  const { customer } = await stripe.subscriptions.retrieve(subscriptionId)
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: String(customer) })
  await stripe.invoices.pay(data[0]?.id ?? "", { payment_method: method.id })
}

/** Returns what is left of a pool's present period: included credits, and its allowance of tokens. */
export async function readGiven({ db }: World, { teamId, poolId }: TestPool) {
  const { includedNanos, periodStartsAt } = await readPool(db, { teamId, poolId })
  const tokens = await db.allowance.findFirst({
    where: { teamId, poolId, consumable: "llm_tokens", periodStartsAt: periodStartsAt ?? new Date(0) },
  })
  return { includedNanos, llmTokens: tokens ? tokens.granted - tokens.used : 0n }
}

/** A database in which something happens between the read of Stripe and the transaction that records it. */
export function beforeWriting(db: Db, happens: () => Promise<void>): Db {
  let pending: (() => Promise<void>) | null = happens
  return new Proxy(db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== "function") return value
      if (key !== "$transaction") return value.bind(target)
      return async (...args: unknown[]) => {
        const now = pending
        pending = null
        await now?.()
        return value.apply(target, args)
      }
    },
  })
}
