import AxeBuilder from "@axe-core/playwright"
import { type Browser, chromium, type Page } from "@playwright/test"
import type Stripe from "stripe"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { BROWSER_ARGS, requireBrowser } from "@/dev/stack/browser"
import { type StripeStandIn, startStripeStandIn } from "../server"
import { monthlyPrice, stripeAt, subscriptionSession } from "../testing"
import { startPageHost } from "./page-host"

const shots = process.env.STRIPE_STANDIN_SHOTS

let standIn: StripeStandIn
let host: Awaited<ReturnType<typeof startPageHost>>
let browser: Browser
let stripe: Stripe
let page: Page

beforeAll(async () => {
  standIn = await startStripeStandIn({ port: 0, contract: true })
  host = await startPageHost(standIn.url)
  stripe = stripeAt(standIn.url)
  browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS })
}, 120_000)

afterEach(() => page.context().close())

afterAll(async () => {
  await browser.close()
  host.close()
  expect((await standIn.control.contract()).violations).toEqual([])
  await standIn.close()
})

async function visit(url: string, view: { width?: number; dark?: boolean } = {}): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 900, height: 900 },
    colorScheme: view.dark ? "dark" : "light",
  })
  page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(url)
}

async function typeCard(form: Pick<Page, "getByLabel">, number: string): Promise<void> {
  await form.getByLabel("Card number").fill(number)
  await form.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await form.getByLabel("CVC").fill("123")
  await form.getByLabel("Cardholder name").fill("Ada Lovelace")
}

async function portal(): Promise<{ url: string; id: string; customer: string }> {
  const build = await monthlyPrice(stripe, 2000, "Build")
  const max = await monthlyPrice(stripe, 4000, "Max")
  const customer = await stripe.customers.create({ name: "Acme", email: "owner@example.com" })
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: build.id }],
    default_payment_method: method.id,
  })
  const configuration = await stripe.billingPortal.configurations.create({
    name: "Credits",
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        products: [build, max].map((price) => ({ product: String(price.product), prices: [price.id] })),
        proration_behavior: "always_invoice",
        schedule_at_period_end: { conditions: [{ type: "decreasing_item_amount" }] },
      },
    },
  })
  const session = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: `${host.url}/billing`,
  })
  return { url: session.url, id: subscription.id, customer: customer.id }
}

describe("the portal", { timeout: 60_000 }, () => {
  test("changes the plan up at once and down with the period, cancels, and leads back", async () => {
    const { url, id } = await portal()
    await visit(url)
    await page.getByText("Stripe stand-in: no real money").waitFor()
    await page.getByText("$20.00 per month").waitFor()
    await page.getByRole("link", { name: "Update plan" }).click()
    await page.getByRole("link", { name: "Select Max, $40.00 per month" }).click()
    await page.getByText("Amount due today: $20.00").waitFor()
    await page.getByRole("button", { name: "Confirm" }).click()
    await page.getByText("$40.00 per month").waitFor()
    await page.getByRole("link", { name: "Update plan" }).click()
    await page.getByRole("link", { name: "Select Build, $20.00 per month" }).click()
    await page.getByText("Nothing is charged today.").waitFor()
    await page.getByRole("button", { name: "Confirm" }).click()
    await page.getByText("Your plan changes to Build").waitFor()
    await page.getByRole("button", { name: "Don't change plan" }).click()
    await page.getByRole("link", { name: "Cancel plan" }).click()
    await page.getByRole("button", { name: "Cancel plan" }).click()
    await page.getByText("Your plan will be canceled on").waitFor()
    await page.getByRole("button", { name: "Don't cancel plan" }).click()
    await page.getByText("Your plan renews on").waitFor()
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      schedule: null,
      cancel_at_period_end: false,
    })
    await page.getByRole("link", { name: "Return to Credits" }).click()
    await page.waitForURL(`${host.url}/billing`)
  })

  test("adds a card that the bank wants to see first, makes it the default and deletes the other", async () => {
    const { url, id, customer } = await portal()
    await visit(url)
    await page.getByRole("link", { name: "Add payment method" }).click()
    await page.getByRole("button", { name: "Add" }).click()
    await page.getByText("Your card number is incomplete.").waitFor()
    await typeCard(page, "4000002500003155")
    await page.getByRole("button", { name: "Add" }).click()
    await page.getByRole("button", { name: "Complete authentication" }).click()
    await page.getByText("Default", { exact: true }).waitFor()
    await page.getByRole("button", { name: "Delete Visa •••• 4242" }).click()
    await page.getByRole("button", { name: "Delete Visa •••• 4242" }).waitFor({ state: "detached" })
    const { data } = await stripe.customers.listPaymentMethods(customer)
    expect(data).toMatchObject([{ card: { last4: "3155" } }])
    const owner = (await stripe.customers.retrieve(customer)) as Stripe.Customer
    expect(owner.invoice_settings.default_payment_method).toBe(data[0]?.id)
    expect((await stripe.subscriptions.retrieve(id)).default_payment_method).toBe(data[0]?.id)
  })

  test.each([
    ["light", 1280],
    ["dark", 390],
  ])("is accessible in %s at %i pixels", async (scheme, width) => {
    const { url } = await portal()
    await visit(url, { width, dark: scheme === "dark" })
    for (const name of ["Update plan", "Cancel plan", "Add payment method"]) {
      await page.goto(`${url}?home`)
      await expectAccessible(`portal-${scheme}`)
      await page.getByRole("link", { name }).click()
      await page.getByRole("heading", { level: 1 }).waitFor()
      await expectAccessible(`${name.replaceAll(" ", "-")}-${scheme}`)
    }
  })
})

async function expectAccessible(name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
}

describe("an open invoice", { timeout: 60_000 }, () => {
  test("is paid on its own page", async () => {
    const { id } = await portal()
    const { invoice } = await standIn.control.renewSubscription(id, { outcome: "fail" })
    await visit(invoice.hosted_invoice_url ?? "")
    await typeCard(page, "4000000000000002")
    await page.getByRole("button", { name: "Pay $20.00" }).click()
    await page.getByText("Your card was declined.").waitFor()
    await expectAccessible("invoice")
    await typeCard(page, "4242424242424242")
    await page.getByRole("button", { name: "Pay $20.00" }).click()
    await page.getByText("Amount paid").waitFor()
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("active")
  })
})

describe("subscribing", { timeout: 60_000 }, () => {
  test("shows the plan and its price, and offers the cards that were saved", async () => {
    const { customer } = await portal()
    const session = await subscriptionSession(stripe, {
      customer,
      saved_payment_method_options: { allow_redisplay_filters: ["always", "limited", "unspecified"] },
    })
    await visit(`${host.url}/?secret=${encodeURIComponent(session.client_secret ?? "")}`)
    const checkout = page.frameLocator("iframe[name=stripe-stand-in-checkout]")
    await checkout.getByRole("heading", { name: "Subscribe to Max" }).waitFor()
    await checkout.getByText("per month").waitFor()
    await checkout.getByRole("radio", { name: "Visa •••• 4242" }).waitFor()
    if (shots) await page.screenshot({ path: `${shots}/subscribe.png`, fullPage: true })
    await checkout.getByRole("button", { name: "Subscribe" }).click()
    await page.locator("#state", { hasText: "complete" }).waitFor()
    const { data } = await stripe.subscriptions.list({ customer })
    expect(data[0]).toMatchObject({ status: "active", default_payment_method: expect.stringMatching(/^pm_/) })
  })
})
