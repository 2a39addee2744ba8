import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import Stripe from "stripe"
import { afterEach, beforeEach, expect, vi } from "vitest"
import { API_VERSION } from "./notation/errors"
import { type StandInOptions, type StripeStandIn, startStripeStandIn } from "./server"

export const SECRET = "whsec_the_whole_of_this_signs"

export function stripeAt(
  url: string,
  key = "sk_test_standin",
  config: Partial<Stripe.StripeConfig> = {},
): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: "http",
    maxNetworkRetries: 0,
    apiVersion: API_VERSION,
    ...config,
  })
}

/** Provides a fresh stand-in for each test, checked against the contract. A violation fails the test. */
export function standInPerTest(options: Partial<StandInOptions> = {}) {
  let running: StripeStandIn | null = null
  // The first call of each kind compiles its part of the contract, which takes a busy machine seconds.
  vi.setConfig({ testTimeout: 20_000 })
  beforeEach(async () => {
    running = await startStripeStandIn({ port: 0, contract: true, ...options })
  }, 120_000)
  afterEach(async () => {
    const { violations } = await current().control.contract()
    await current().close()
    expect(violations).toEqual([])
  })
  function current(): StripeStandIn {
    if (!running) throw new Error("The stand-in is not running")
    return running
  }
  return {
    get url() {
      return current().url
    },
    get control() {
      return current().control
    },
    get stripe() {
      return stripeAt(current().url)
    },
  }
}

export interface Received {
  headers: Record<string, string | undefined>
  body: string
  event: { id: string; type: string; data: { object: { id: string } } }
}

/** Starts a real HTTP server that takes webhooks. `answer` decides each one's status. */
export async function startReceiver(answer: (received: Received) => number = () => 200) {
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString()
      const headers = { "stripe-signature": String(request.headers["stripe-signature"]) }
      const one = { headers, body, event: JSON.parse(body) as Received["event"] }
      received.push(one)
      response.writeHead(answer(one)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    types: () => received.map((each) => each.event.type),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export async function saveCard(stripe: Stripe, name: string) {
  const customer = await stripe.customers.create({ email: "owner@example.com" })
  const method = await stripe.paymentMethods.attach(name, { customer: customer.id })
  return { customer: customer.id, payment_method: method.id }
}

/** Charges $25.00 without the customer. */
export function chargeSavedCard(stripe: Stripe, card: { customer: string; payment_method: string }) {
  return stripe.paymentIntents.create({
    amount: 2500,
    currency: "usd",
    confirm: true,
    off_session: true,
    allowed_payment_method_types: ["card"],
    ...card,
  })
}

/** Returns the refusal of a card that this call must end with. */
export async function cardError(call: Promise<unknown>): Promise<Stripe.errors.StripeCardError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Stripe.errors.StripeCardError)) throw new Error(`No card error but ${String(error)}`)
  return error
}

export const PRICE = {
  currency: "usd",
  unit_amount: 2500,
  product_data: { name: "Credits", description: "Prepaid credits for Acme" },
} as const

export function sessionParams(
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    ui_mode: "embedded_page",
    line_items: [{ quantity: 1, price_data: PRICE }],
    redirect_on_completion: "never",
    ...more,
  }
}

/** A session that saves a card and takes nothing. */
export function setupParams(
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "setup",
    ui_mode: "embedded_page",
    currency: "usd",
    redirect_on_completion: "never",
    ...more,
  }
}

export async function until<T>(
  read: () => T | Promise<T>,
  wanted: (value: T) => boolean,
  timeoutMs = 8000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const value = await read()
    if (wanted(value)) return value
    if (Date.now() > end) throw new Error(`Still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function monthlyPrice(stripe: Stripe, amount = 4000, name = "Max"): Promise<Stripe.Price> {
  return await stripe.prices.create({
    currency: "usd",
    unit_amount: amount,
    recurring: { interval: "month" },
    product_data: { name },
  })
}

export async function subscriptionSession(
  stripe: Stripe,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const price = await monthlyPrice(stripe)
  return await stripe.checkout.sessions.create({
    mode: "subscription",
    ui_mode: "embedded_page",
    line_items: [{ price: price.id, quantity: 1 }],
    redirect_on_completion: "never",
    ...more,
  })
}
