import AxeBuilder from "@axe-core/playwright"
import { type Browser, chromium, type FrameLocator, type Page } from "@playwright/test"
import type Stripe from "stripe"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { BROWSER_ARGS, requireBrowser } from "@/dev/stack/browser"
import { type StripeStandIn, startStripeStandIn } from "../server"
import { sessionParams, setupParams, stripeAt } from "../testing"
import { startPageHost } from "./page-host"

const shots = process.env.STRIPE_STANDIN_SHOTS

let standIn: StripeStandIn
let host: Awaited<ReturnType<typeof startPageHost>>
let browser: Browser

beforeAll(async () => {
  standIn = await startStripeStandIn({ port: 0, contract: true })
  host = await startPageHost(standIn.url)
  browser = await chromium.launch({
    executablePath: requireBrowser(),
    args: BROWSER_ARGS,
  })
}, 60_000)

afterAll(async () => {
  await browser.close()
  host.close()
  expect((await standIn.control.contract()).violations).toEqual([])
  await standIn.close()
})

async function open(
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
  view: { width?: number; dark?: boolean } = {},
) {
  const saves = params.mode === "setup"
  const session = await stripeAt(standIn.url).checkout.sessions.create(
    saves ? setupParams(params) : sessionParams(params),
  )
  const context = await browser.newContext({
    viewport: { width: view.width ?? 900, height: 900 },
    colorScheme: view.dark ? "dark" : "light",
  })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  await page.goto(`${host.url}/?secret=${encodeURIComponent(session.client_secret ?? "")}`)
  const checkout = page.frameLocator("iframe[name=stripe-stand-in-checkout]")
  await checkout.getByRole("button", { name: saves ? "Save" : "Pay $25.00", exact: true }).waitFor()
  return { page, checkout, session, close: () => context.close() }
}

async function fill(checkout: FrameLocator, number: string): Promise<void> {
  const email = checkout.getByLabel("Email")
  if (await email.isEditable()) await email.fill("payer@example.com")
  await checkout.getByLabel("Card number").fill(number)
  await checkout.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await checkout.getByLabel("CVC").fill("123")
  await checkout.getByLabel("Cardholder name").fill("Ada Lovelace")
}

async function press(checkout: FrameLocator, name = "Pay $25.00"): Promise<void> {
  await checkout.getByRole("button", { name, exact: true }).click()
}

async function expectNoPolicyViolation(page: Page): Promise<void> {
  expect(await page.evaluate(() => Reflect.get(window, "violations"))).toEqual([])
}

async function statusOf(id: string): Promise<string | null> {
  return (await stripeAt(standIn.url).checkout.sessions.retrieve(id)).status
}

describe("the embedded checkout", { timeout: 30_000 }, () => {
  test("takes a payment and tells the shop's page", async () => {
    const { page, checkout, session, close } = await open()
    await fill(checkout, "4242424242424242")
    await press(checkout)
    await page.locator("#state", { hasText: "complete" }).waitFor()
    expect(await statusOf(session.id)).toBe("complete")
    await expectNoPolicyViolation(page)
    await page.getByRole("button", { name: "Close" }).click()
    await page.locator("iframe").waitFor({ state: "detached" })
    await close()
  })

  test.each([
    ["4000000000000002", "Your card was declined."],
    ["4000000000009995", "Your card has insufficient funds."],
    ["4000000000000069", "Your card has expired."],
    ["4111111111111111", "Your card was declined. Only Stripe's test cards work here."],
  ])("says why %s is declined and takes another card", async (number, message) => {
    const { page, checkout, close } = await open()
    await fill(checkout, number)
    await press(checkout)
    await checkout.getByText(message, { exact: true }).waitFor()
    await checkout.getByLabel("Card number").fill("5555555555554444")
    await press(checkout)
    await page.locator("#state", { hasText: "complete" }).waitFor()
    await close()
  })

  test("points at what is missing before anything is sent", async () => {
    const { checkout, session, close } = await open()
    await press(checkout)
    await checkout.getByText("Your card number is incomplete.").waitFor()
    await checkout.getByText("Enter a valid email address.").waitFor()
    expect(await statusOf(session.id)).toBe("open")
    await close()
  })

  test("pays once the cardholder has completed authentication", async () => {
    const { page, checkout, close } = await open()
    await fill(checkout, "4000002760003184")
    await press(checkout)
    await checkout
      .frameLocator("dialog iframe")
      .getByRole("button", { name: "Complete authentication" })
      .click()
    await page.locator("#state", { hasText: "complete" }).waitFor()
    await expectNoPolicyViolation(page)
    await close()
  })

  test("stays open when the cardholder fails authentication", async () => {
    const { checkout, session, close } = await open()
    await fill(checkout, "4000002760003184")
    await press(checkout)
    await checkout.frameLocator("dialog iframe").getByRole("button", { name: "Fail authentication" }).click()
    await checkout.getByText("We are unable to authenticate your payment method.").waitFor()
    expect(await statusOf(session.id)).toBe("open")
    await close()
  })

  test("goes to the return_url with the session's id when the session wants that", async () => {
    const { page, checkout, session, close } = await open({
      redirect_on_completion: "always",
      return_url: `${host.url}/done?session={CHECKOUT_SESSION_ID}`,
    })
    await fill(checkout, "4242424242424242")
    await press(checkout)
    await page.waitForURL(`${host.url}/done?session=${session.id}`)
    await close()
  })

  test("offers the customer's saved cards and a new one", async () => {
    const stripe = stripeAt(standIn.url)
    const customer = await stripe.customers.create({ email: "owner@example.com" })
    await stripe.paymentMethods.attach("pm_card_mastercard", { customer: customer.id })
    await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
    const { page, checkout, close } = await open({
      customer: customer.id,
      saved_payment_method_options: { allow_redisplay_filters: ["always", "limited", "unspecified"] },
    })
    expect(await checkout.getByLabel("Email").inputValue()).toBe("owner@example.com")
    await checkout.getByRole("radio", { name: "Mastercard •••• 4444" }).check()
    await press(checkout)
    await page.locator("#state", { hasText: "complete" }).waitFor()
    const [intent] = (
      await stripe.paymentIntents.list({ customer: customer.id, expand: ["data.payment_method"] })
    ).data
    expect(intent?.payment_method).toMatchObject({ card: { last4: "4444" } })
    await close()
  })

  test("saves a card with the bank's consent, after a declined one, and says so", async () => {
    const stripe = stripeAt(standIn.url)
    const customer = await stripe.customers.create({ email: "owner@example.com" })
    const { page, checkout, session, close } = await open({ mode: "setup", customer: customer.id })
    expect(await checkout.getByText("$").count()).toBe(0)
    await fill(checkout, "4000000000000002")
    await press(checkout, "Save")
    await checkout.getByText("Your card was declined.", { exact: true }).waitFor()
    expect(await statusOf(session.id)).toBe("open")
    await checkout.getByLabel("Card number").fill("4000002500003155")
    await press(checkout, "Save")
    const bank = checkout.frameLocator("dialog iframe")
    await bank.getByText("may be saved for future payments").waitFor()
    await bank.getByRole("button", { name: "Complete authentication" }).click()
    await page.locator("#state", { hasText: "complete" }).waitFor()
    await checkout.getByRole("heading", { name: "Card saved" }).waitFor()
    expect(await statusOf(session.id)).toBe("complete")
    const { data } = await stripe.customers.listPaymentMethods(customer.id)
    expect(data).toMatchObject([{ card: { last4: "3155" } }])
    await expectNoPolicyViolation(page)
    await close()
  })

  test("is accessible where it only saves a card", async () => {
    const { page, checkout, close } = await open({ mode: "setup" }, { width: 390 })
    await press(checkout, "Save")
    await checkout.getByText("Your card number is incomplete.").waitFor()
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(true)
      .include(["iframe", "html"])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    if (shots) await page.screenshot({ path: `${shots}/setup-390.png`, fullPage: true })
    await close()
  })

  test.each([
    ["light", 390],
    ["dark", 390],
    ["light", 1280],
    ["dark", 320],
  ])("is accessible in %s at %i pixels", async (scheme, width) => {
    const { page, checkout, close } = await open({}, { width, dark: scheme === "dark" })
    await press(checkout)
    await checkout.getByText("Your card number is incomplete.").waitFor()
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode(true)
      .include(["iframe", "html"])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    if (shots) await page.screenshot({ path: `${shots}/invalid-${scheme}-${width}.png`, fullPage: true })
    await close()
  })
})
