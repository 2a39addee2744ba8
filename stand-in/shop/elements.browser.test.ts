import AxeBuilder from "@axe-core/playwright"
import { type Browser, type BrowserContext, chromium, type FrameLocator, type Page } from "@playwright/test"
import type Stripe from "stripe"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { BROWSER_ARGS, requireBrowser } from "@/dev/stack/browser"
import { type StripeStandIn, startStripeStandIn } from "../server"
import { cardError, sessionParams, stripeAt } from "../testing"
import { startPageHost } from "./page-host"

const shots = process.env.STRIPE_STANDIN_SHOTS

let standIn: StripeStandIn
let stripe: Stripe
let host: Awaited<ReturnType<typeof startPageHost>>
let production: Awaited<ReturnType<typeof startPageHost>>
let browser: Browser
let context: BrowserContext | null = null

beforeAll(async () => {
  standIn = await startStripeStandIn({ port: 0, contract: true })
  stripe = stripeAt(standIn.url)
  host = await startPageHost(standIn.url, {
    newIntent: async () => (await newSetup()).client_secret ?? "",
  })
  production = await startPageHost(standIn.url, { loadsFromStripe: true })
  browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS })
}, 90_000)

afterEach(async () => {
  await context?.close()
  context = null
})

afterAll(async () => {
  await browser.close()
  host.close()
  production.close()
  expect((await standIn.control.contract()).violations).toEqual([])
  await standIn.close()
})

async function newSetup(): Promise<Stripe.SetupIntent> {
  const customer = await stripe.customers.create({ email: "owner@example.com" })
  return stripe.setupIntents.create({
    customer: customer.id,
    usage: "off_session",
    allowed_payment_method_types: ["card"],
  })
}

interface View {
  query?: Record<string, string>
  width?: number
  dark?: boolean
  at?: string
}

async function open(
  secret: string | null,
  { query = {}, width = 500, dark = false, at = host.url }: View = {},
) {
  context = await browser.newContext({
    viewport: { width, height: 700 },
    colorScheme: dark ? "dark" : "light",
  })
  // As the end-to-end tests do where the product behaves as with real keys: the script comes from Stripe's host.
  await context.route("https://js.stripe.com/**", async (route) =>
    route.fulfill({ response: await route.fetch({ url: `${standIn.url}/stripe.js` }) }),
  )
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  const given = new URLSearchParams({ card: "1", ...(secret ? { secret } : {}), ...query })
  await page.goto(`${at}/?${given}`)
  const fields = page.frameLocator("iframe[name=stripe-stand-in-payment-element]")
  const bank = page.frameLocator("iframe[name=stripe-stand-in-authentication]")
  await page.locator("#fields", { hasText: "ready" }).waitFor()
  return { page, fields, bank }
}

async function fill(fields: FrameLocator, number: string): Promise<void> {
  await fields.getByLabel("Card number").fill(number)
  await fields.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await fields.getByLabel("CVC").fill("123")
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save card" }).click()
}

function says(page: Page, text: string | RegExp) {
  return page.locator("#state", { hasText: text }).waitFor()
}

async function expectNoPolicyViolation(page: Page): Promise<void> {
  expect(await page.evaluate(() => Reflect.get(window, "violations"))).toEqual([])
}

describe("the Payment Element in React's strict mode", { timeout: 30_000 }, () => {
  test("saves a card and says so, without a breach of the shop's policy", async () => {
    const setup = await newSetup()
    const { page, fields } = await open(setup.client_secret)
    await fields.getByText("Stripe stand-in: no real money").waitFor()
    await fields.getByText(/you allow the shop to charge your card/).waitFor()
    await fill(fields, "4242424242424242")
    await page.locator("#fields", { hasText: "ready complete" }).waitFor()
    await save(page)
    await says(page, "succeeded")
    const cards = await stripe.customers.listPaymentMethods(String(setup.customer))
    expect(cards.data).toMatchObject([{ card: { last4: "4242", exp_month: 12, exp_year: 2034 } }])
    await expectNoPolicyViolation(page)
  })

  test("leaves no frame behind and comes back when it is opened again", async () => {
    const { page, fields } = await open((await newSetup()).client_secret)
    await page.getByRole("button", { name: "Close" }).click()
    await page.locator("iframe").waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Open" }).click()
    await fields.getByLabel("Card number").waitFor()
    expect(await page.locator("iframe").count()).toBe(1)
  })

  test.each([
    ["4000000000000002", "error: Your card was declined."],
    ["4000000000009995", "error: Your card has insufficient funds."],
    ["4000000000000069", "error: Your card has expired."],
    ["4111111111111111", "error: Your card was declined. Only Stripe's test cards work here."],
  ])("says why %s can't be saved and takes another card", async (number, message) => {
    const { page, fields } = await open((await newSetup()).client_secret)
    await fill(fields, number)
    await save(page)
    await says(page, message)
    await fields.getByLabel("Card number").fill("5555555555554444")
    await save(page)
    await says(page, "succeeded")
  })

  test("points at what is missing before anything is sent", async () => {
    const setup = await newSetup()
    const { page, fields } = await open(setup.client_secret)
    await save(page)
    await says(page, "invalid: Your card number is incomplete.")
    await fields.getByText("Your card's security code is incomplete.").waitFor()
    expect((await stripe.setupIntents.retrieve(setup.id)).latest_attempt).toBeNull()
  })

  test("saves a card once the cardholder has completed authentication", async () => {
    const setup = await newSetup()
    const { page, fields, bank } = await open(setup.client_secret)
    await fill(fields, "4000002500003155")
    await save(page)
    await bank.getByText("confirm that this card may be saved").waitFor()
    if (shots) await page.screenshot({ path: `${shots}/element-bank.png` })
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    await says(page, "succeeded")
    await page.locator("dialog").waitFor({ state: "detached" })
    await expectNoPolicyViolation(page)
  })

  test("says so when authentication fails, and lets the cardholder try again", async () => {
    const { page, fields, bank } = await open((await newSetup()).client_secret)
    await fill(fields, "4000002760003184")
    await save(page)
    await bank.getByRole("button", { name: "Fail authentication" }).click()
    await says(page, "error: We are unable to authenticate your payment method.")
    await save(page)
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    await says(page, "succeeded")
  })

  test("makes the intent only after the fields were submitted", async () => {
    const { page, fields } = await open(null)
    await fill(fields, "4242424242424242")
    await save(page)
    await says(page, "succeeded")
  })

  test("goes to the return_url when the shop always wants that", async () => {
    const setup = await newSetup()
    const { page, fields } = await open(setup.client_secret, { query: { redirect: "always" } })
    await fill(fields, "4242424242424242")
    await save(page)
    await page.waitForURL(/\/done\?/)
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      setup_intent: setup.id,
      setup_intent_client_secret: setup.client_secret,
      redirect_status: "succeeded",
    })
  })

  test("pays with a new card", async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 2500,
      currency: "usd",
      allowed_payment_method_types: ["card"],
    })
    const { page, fields, bank } = await open(intent.client_secret)
    await fill(fields, "4000002760003184")
    await save(page)
    await bank.getByText("$25.00").waitFor()
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    await says(page, "succeeded")
    expect((await stripe.paymentIntents.retrieve(intent.id)).amount_received).toBe(2500)
  })

  test.each([
    ["light", 390],
    ["dark", 320],
  ])("is accessible in %s at %i pixels", async (scheme, width) => {
    const dark = scheme === "dark"
    const query = { theme: dark ? "night" : "stripe" }
    const { page, fields } = await open((await newSetup()).client_secret, { width, dark, query })
    await save(page)
    await fields.getByText("Your card number is incomplete.").waitFor()
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(true)
      .include(["iframe", "html"])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    if (shots) await page.screenshot({ path: `${shots}/element-${scheme}.png` })
  })
})

type Outcome = { error?: { code?: string; message: string }; paymentIntent?: { status: string } }

/** Calls a method of the page's Stripe object, as the product's code would. */
function callStripe(page: Page, method: string, ...args: unknown[]): Promise<Outcome> {
  return page.evaluate(
    async ([name, given]) => {
      const stripeJs = Object(await window.stripePromise)
      return (await stripeJs[name](...given)) as Outcome
    },
    [method, args] as const,
  )
}

describe("Stripe.js without an element", { timeout: 30_000 }, () => {
  async function refusedOffSession() {
    const setup = await newSetup()
    await stripe.setupIntents.confirm(setup.id, { payment_method: "pm_card_authenticationRequired" })
    await standIn.control.authenticateSetup(setup.id, "complete")
    const { payment_method } = await stripe.setupIntents.retrieve(setup.id)
    const error = await cardError(
      stripe.paymentIntents.create({
        amount: 2500,
        currency: "usd",
        customer: String(setup.customer),
        payment_method: String(payment_method),
        allowed_payment_method_types: ["card"],
        confirm: true,
        off_session: true,
      }),
    )
    expect(error).toMatchObject({ statusCode: 402, code: "authentication_required" })
    const { id, client_secret: clientSecret, status } = error.payment_intent ?? {}
    expect(status).toBe("requires_payment_method")
    const confirmParams = { payment_method: String(payment_method), return_url: `${host.url}/done` }
    return { id: id ?? "", options: { clientSecret, confirmParams, redirect: "if_required" } }
  }

  test("brings a payment that the bank refused off-session back on-session", async () => {
    const { id, options } = await refusedOffSession()
    const { page, bank } = await open((await newSetup()).client_secret)
    const confirming = callStripe(page, "confirmPayment", options)
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    expect(await confirming).toMatchObject({ paymentIntent: { id, status: "succeeded" } })
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe("succeeded")
    const again = await callStripe(page, "confirmPayment", options)
    expect(again).toMatchObject({ error: { code: "payment_intent_unexpected_state" } })
    const shown = await callStripe(page, "retrievePaymentIntent", options.clientSecret)
    expect(shown).toMatchObject({ paymentIntent: { status: "succeeded" } })
    expect(shown.paymentIntent).not.toHaveProperty("customer")
    await expectNoPolicyViolation(page)
  })

  test("answers with the bank's refusal, and with an error for what it can't do", async () => {
    const { options } = await refusedOffSession()
    const { page, bank } = await open((await newSetup()).client_secret)
    const confirming = callStripe(page, "confirmPayment", options)
    await bank.getByRole("button", { name: "Fail authentication" }).click()
    expect((await confirming).error?.code).toBe("payment_intent_authentication_failure")
    const wrong = [
      await callStripe(page, "confirmSetup", options),
      await callStripe(page, "confirmPayment", { ...options, clientSecret: "pi_none_secret_none" }),
      await callStripe(page, "confirmPayment", { clientSecret: options.clientSecret }),
      await callStripe(page, "createToken", {}),
    ]
    expect(wrong.map((each) => typeof each.error?.message)).toEqual(Array(4).fill("string"))
  })

  test("handles what an intent confirmed by the server still wants", async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 2500,
      currency: "usd",
      payment_method: "pm_card_authenticationRequired",
      allowed_payment_method_types: ["card"],
      confirm: true,
    })
    const { page, bank } = await open((await newSetup()).client_secret)
    const handling = callStripe(page, "handleNextAction", { clientSecret: intent.client_secret })
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    expect(await handling).toMatchObject({ paymentIntent: { status: "succeeded" } })
  })
})

describe("loaded from js.stripe.com, as with real keys", { timeout: 30_000 }, () => {
  test("saves a card with the Payment Element", async () => {
    const setup = await newSetup()
    const { page, fields } = await open(setup.client_secret, { at: production.url })
    expect(await page.locator("script[src='https://js.stripe.com/endive/stripe.js']").count()).toBe(1)
    await fill(fields, "4242424242424242")
    await save(page)
    await says(page, "succeeded")
    await expectNoPolicyViolation(page)
  })

  test("takes a payment with the embedded checkout", async () => {
    const session = await stripe.checkout.sessions.create(sessionParams())
    context = await browser.newContext()
    await context.route("https://js.stripe.com/**", async (route) =>
      route.fulfill({ response: await route.fetch({ url: `${standIn.url}/stripe.js` }) }),
    )
    const page = await context.newPage()
    await page.goto(`${production.url}/?secret=${encodeURIComponent(session.client_secret ?? "")}`)
    const checkout = page.frameLocator("iframe[name=stripe-stand-in-checkout]")
    await checkout.getByLabel("Email").fill("payer@example.com")
    await fill(checkout, "4242424242424242")
    await checkout.getByLabel("Cardholder name").fill("Ada Lovelace")
    await checkout.getByRole("button", { name: "Pay $25.00" }).click()
    await says(page, "complete")
    await expectNoPolicyViolation(page)
  })
})
