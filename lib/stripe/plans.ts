import Stripe from "stripe"
import { CATALOG } from "@/lib/catalog/catalog"
import { PLAN_CODES } from "@/lib/catalog/schema"
import type { Plan } from "@/lib/db/generated/enums"
import { toCents } from "./cents"
import { stripe } from "./client"

/** A plan on sale, and its price at Stripe. */
export type PlanPrice = { plan: Plan; productId: string; priceId: string }

/** Nobody archives a price by mistake more often within a day. */
const ARCHIVED_A_DAY = 10
const PRODUCT_PREFIX = "credits_plan_"

const SOLD = PLAN_CODES.flatMap((plan) => {
  const { monthlyNanos } = CATALOG.plans[plan]
  return monthlyNanos ? [{ plan, cents: toCents(monthlyNanos) }] : []
})

/** Returns the plan behind a Stripe product. Null if it is none of ours. */
export function planOfProduct(productId: string): Plan | null {
  return SOLD.find(({ plan }) => productId === `${PRODUCT_PREFIX}${plan}`)?.plan ?? null
}

/**
 * Lists the prices of all plans on sale, as the catalog has them. Null: missing at Stripe, or it costs something else
 * there.
 */
export async function listPlanPrices(): Promise<(Omit<PlanPrice, "priceId"> & { priceId: string | null })[]> {
  const { data } = await stripe().prices.list({
    lookup_keys: SOLD.map(({ plan }) => lookupKey(plan)),
    active: true,
    limit: 100,
  })
  return SOLD.map(({ plan, cents }) => {
    const productId = `${PRODUCT_PREFIX}${plan}`
    const known = data.find(
      (price) => price.lookup_key === lookupKey(plan) && isAsSold(price, productId, cents),
    )
    return { plan, productId, priceId: known?.id ?? null }
  })
}

/**
 * The same, with missing prices created. Any number of processes may do so at once: each price has its id and key, so
 * it is created once.
 */
export async function requirePlanPrices(): Promise<PlanPrice[]> {
  const prices: PlanPrice[] = []
  for (const { plan, productId, priceId } of await listPlanPrices())
    prices.push({ plan, productId, priceId: priceId ?? (await makePrice(plan, productId)) })
  return prices
}

function isAsSold(price: Stripe.Price, productId: string, cents: number): boolean {
  const product = typeof price.product === "string" ? price.product : price.product.id
  return (
    product === productId &&
    price.currency === "usd" &&
    price.unit_amount === cents &&
    price.recurring?.interval === "month" &&
    price.recurring.interval_count === 1
  )
}

async function makePrice(plan: Plan, product: string): Promise<string> {
  const cents = SOLD.find((sold) => sold.plan === plan)?.cents
  if (cents === undefined) throw new Error(`The plan ${plan} is not sold`)
  await stripe()
    .products.create({ id: product, name: `Credits ${CATALOG.plans[plan].name}` })
    .catch((error: unknown) => {
      const isThere =
        error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_already_exists"
      if (!isThere) throw error
    })
  const request: Stripe.PriceCreateParams = {
    product,
    currency: "usd",
    unit_amount: cents,
    recurring: { interval: "month" },
    lookup_key: lookupKey(plan),
    // Taken from the catalog's former price. Its subscribers keep that.
    transfer_lookup_key: true,
  }
  const first = `plan_price_${plan}_${cents}`
  let key = first
  // Stripe answers a key from memory for a day, even with a price that was archived meanwhile. Each archived one
  // leads to the key of the next, the same for all processes.
  for (let tries = 0; tries < ARCHIVED_A_DAY; tries++) {
    const { id } = await stripe().prices.create(request, { idempotencyKey: key })
    const price = await stripe().prices.retrieve(id)
    if (price.active && isAsSold(price, product, cents)) return id
    key = `${first}_after_${id}`
  }
  throw new Error(`Each price that is made for the plan ${plan} is archived at once`)
}

function lookupKey(plan: Plan): string {
  return `credits_${plan}_monthly`
}
