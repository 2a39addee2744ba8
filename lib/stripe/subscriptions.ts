import type Stripe from "stripe"
import { type Plan, SubscriptionStatus } from "@/lib/db/generated/enums"
import { stripe } from "./client"
import type { CustomerMissing } from "./gateway"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unanswered } from "./outcome"
import { planOfProduct, requirePlanPrices } from "./plans"

/** A subscription to one of our plans, as Stripe has it. */
export type FoundSubscription = {
  stripeId: string
  plan: Plan
  status: SubscriptionStatus
  quantity: number
  startedAt: Date
  billingAnchor: Date
  periodStartsAt: Date
  periodEndsAt: Date
  cancelAt: Date | null
  /** Invoices come, and nobody is asked to pay them. */
  isCollectionPaused: boolean
  hasScheduledChange: boolean
  nextPlan: Plan | null
  invoiceStatus: string | null
  /** When Stripe charged for the last change of plan within the period. Null if there was none. */
  planChangedAt: Date | null
}

export type SubscriptionsFound = {
  kind: "found"
  subscriptions: FoundSubscription[]
  /** Subscriptions to products that the catalog doesn't sell. */
  unknown: string[]
}

const EXPAND = ["data.latest_invoice", "data.schedule"]

/** Lists all subscriptions that a customer has or had, newest first. */
export async function listSubscriptions(
  customer: string,
): Promise<SubscriptionsFound | CustomerMissing | Unanswered> {
  return asOutcome("list subscriptions", async () => {
    const found: SubscriptionsFound = { kind: "found", subscriptions: [], unknown: [] }
    try {
      const list = stripe().subscriptions.list({ customer, status: "all", limit: 100, expand: EXPAND })
      for await (const subscription of list) {
        const read = await toFound(subscription)
        if (read) found.subscriptions.push(read)
        else found.unknown.push(subscription.id)
      }
    } catch (error) {
      if (isMissing(error)) return { kind: "customer_missing" }
      throw error
    }
    found.subscriptions.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    return found
  })
}

/** Returns a subscription's customer. */
export async function readSubscriptionCustomer(
  id: string,
): Promise<{ kind: "found"; customerId: string } | Missing | Unanswered> {
  return asReadOutcome("read subscription", async () => {
    const { customer } = await stripe().subscriptions.retrieve(id)
    return { kind: "found", customerId: typeof customer === "string" ? customer : customer.id }
  })
}

/** Returns one subscription by its id. Null if the catalog doesn't sell its product. */
export async function readSubscription(
  id: string,
): Promise<{ kind: "found"; subscription: FoundSubscription | null } | Missing | Unanswered> {
  return asReadOutcome("read subscription", async () => {
    const subscription = await stripe().subscriptions.retrieve(id, { expand: ["latest_invoice", "schedule"] })
    return { kind: "found", subscription: await toFound(subscription) }
  })
}

export type SubscriptionCheckoutRequest = {
  checkoutId: string
  customerId: string
  plan: Plan
  quantity: number
  returnUrl: string
  expiresAt: Date
}

/** Opens the embedded checkout of a subscription. A repeated call for the checkout returns the same session. */
export async function openSubscriptionCheckout(
  request: SubscriptionCheckoutRequest,
): Promise<{ kind: "opened"; sessionId: string; clientSecret: string } | CustomerMissing | Unanswered> {
  return asOutcome("open subscription checkout", async () => {
    const price = (await requirePlanPrices()).find(({ plan }) => plan === request.plan)
    if (!price) throw new Error(`The plan ${request.plan} is not sold`)
    try {
      const session = await stripe().checkout.sessions.create(
        {
          ui_mode: "embedded_page",
          mode: "subscription",
          customer: request.customerId,
          line_items: [{ price: price.priceId, quantity: request.quantity }],
          adaptive_pricing: { enabled: false },
          saved_payment_method_options: { allow_redisplay_filters: ["always", "limited", "unspecified"] },
          redirect_on_completion: "if_required",
          return_url: request.returnUrl,
          expires_at: Math.floor(request.expiresAt.getTime() / 1000),
        },
        // The key includes the price, because the catalog may change between two attempts.
        { idempotencyKey: `subscribe_${request.checkoutId}_${price.priceId}` },
      )
      if (!session.client_secret) throw new Error("Stripe opened a checkout without a client secret")
      return { kind: "opened", sessionId: session.id, clientSecret: session.client_secret }
    } catch (error) {
      if (isMissing(error) && error.param === "customer") return { kind: "customer_missing" }
      throw error
    }
  })
}

async function toFound(subscription: Stripe.Subscription): Promise<FoundSubscription | null> {
  const own = subscription.items.data.flatMap((item) => {
    const plan = planOf(item.price)
    return plan ? [{ item, plan }] : []
  })
  const [first] = own
  if (!first) return null
  const { item, plan } = first
  const { latest_invoice: invoice, schedule } = subscription
  const latest = invoice && typeof invoice !== "string" ? invoice : null
  const periodStartsAt = toDate(item.current_period_start)
  const changed = latest?.billing_reason === "subscription_update" ? toDate(latest.created) : null
  const next = nextPhase(schedule, item.current_period_end)
  const nextPrice = next?.priceId ? await stripe().prices.retrieve(next.priceId) : null
  return {
    stripeId: subscription.id,
    plan,
    status: toStatus(subscription.status),
    quantity: item.quantity ?? 1,
    startedAt: toDate(subscription.created),
    billingAnchor: toDate(subscription.billing_cycle_anchor),
    periodStartsAt,
    periodEndsAt: toDate(item.current_period_end),
    cancelAt: cancelAtOf(subscription, item),
    isCollectionPaused: subscription.pause_collection !== null,
    hasScheduledChange: next !== null,
    nextPlan: nextPrice && planOf(nextPrice),
    invoiceStatus: latest?.status ?? null,
    planChangedAt: changed && changed >= periodStartsAt ? changed : null,
  }
}

function cancelAtOf(subscription: Stripe.Subscription, item: Stripe.SubscriptionItem): Date | null {
  if (subscription.cancel_at !== null) return toDate(subscription.cancel_at)
  return subscription.cancel_at_period_end ? toDate(item.current_period_end) : null
}

/** Returns what a schedule changes at the end of the present period or later. Null if it changes nothing any more. */
function nextPhase(
  schedule: Stripe.Subscription["schedule"],
  periodEnd: number,
): { priceId: string | null } | null {
  if (!schedule) return null
  // Not expanded: we only know that there is one, which is enough not to guess.
  if (typeof schedule === "string") return { priceId: null }
  const phase = schedule.phases.find(({ start_date }) => start_date >= periodEnd)
  if (!phase) return null
  const price = phase.items[0]?.price ?? null
  return { priceId: price && typeof price === "object" ? price.id : price }
}

function planOf(price: Pick<Stripe.Price, "product">): Plan | null {
  return planOfProduct(typeof price.product === "string" ? price.product : price.product.id)
}

function toStatus(status: string): SubscriptionStatus {
  const known = Object.values(SubscriptionStatus).find((each) => each === status)
  // For a status that this API version lacks, we would be guessing about somebody's money.
  if (!known) throw new Error(`A subscription has the status ${status}`)
  return known
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000)
}
