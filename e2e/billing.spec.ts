import { createTestApiKey } from "@/dev/testing/api-keys"
import { enableTopUp } from "@/dev/testing/auto-top-up"
import { addCard } from "@/dev/testing/payment-methods"
import { giveCredits, putInDebt, spendCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { addEndpoint } from "@/dev/testing/webhook-endpoints"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { billingPages, billingTabs, reconciliationLine } from "./pages/billing-pages"
import { openCheckout } from "./pages/checkout"
import { methodWorld } from "./pages/payment-methods-page"
import { teamPages } from "./pages/team-pages"

const THRESHOLD = 5n * NANOS_PER_USD

test("a new team reads that it has no credits yet and what they are for", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$0.00")
  await expect(card).toContainText("No credits yet")
  await expect(card).toContainText("Credits pay for usage beyond what your plan includes.")
  await expect(card.getByRole("table")).toHaveCount(0)
})

test("a healthy team sees balance, pace, lifetime figures and the newest five transactions", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 250n * NANOS_PER_USD, new Date(Date.now() - 9 * DAY_MS))
  for (let day = 8; day >= 1; day--)
    await spendCredits(db, team, team.owner, 6_500_000_000n, new Date(Date.now() - day * DAY_MS))
  await spendCredits(db, team, team.owner, 420_000n, new Date(Date.now() - MINUTE_MS))
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$197.99")
  const overTime = page.getByRole("region", { name: "Balance over time" })
  await expect(overTime).toContainText(/At this pace it lasts until \d+ \w+/)
  const chart = overTime.getByRole("figure", { name: "Balance of the last 30 days" })
  await expect(chart.getByRole("row")).toHaveCount(1 + 30 + 15)
  // Pointer and keys read one day once the layer is there, and Escape leaves it.
  const days = chart.getByRole("slider", { name: "Read a day" })
  await days.focus()
  await days.press("Home")
  await days.press("End")
  await expect(days).toHaveAttribute("aria-valuetext", /^\d+ \w+( \d+)?: \$[\d.]+ · Projected$/)
  await days.press("Escape")
  await expect(days).toHaveAttribute("aria-valuetext", /No day chosen/)
  await expect(card).toContainText(/Lifetime added\s*\$0\.00\s*Given\s*\$250\.00/)
  await expect(card).toContainText(/Lifetime spent\s*\$52\.01/)
  await expect(card).not.toContainText("Low Balance")
  const rows = card.getByRole("table").locator("tbody").getByRole("row")
  await expect(rows).toHaveCount(5)
  await expect(rows.first()).toContainText(
    /Consumption.*LLM tokens.*(today|yesterday), \d\d:\d\d.*less than one cent/,
  )
  await expect(rows.nth(1)).toContainText("−$6.50")
  await expect(rows.nth(1).locator("time")).toHaveAttribute("title", /^\d+ \w+ \d{4}, \d\d:\d\d UTC$/)
})

for (const [words, balance, isLow] of [
  ["a nano below", THRESHOLD - 1n, true],
  ["exactly at", THRESHOLD, true],
  ["a nano above", THRESHOLD + 1n, false],
] as const)
  test(`a balance ${words} the threshold ${isLow ? "is" : "is not"} low`, async ({
    page,
    db,
    team,
    billingPath,
    signInAs,
  }) => {
    await giveCredits(db, team, team.owner, balance)
    await signInAs(team.owner)
    await page.goto(billingPath)
    const card = page.getByRole("region", { name: "Credits" })
    await expect(card).toContainText(isLow && balance < THRESHOLD ? "$4.99" : "$5.00")
    await expect(card.getByText("Low Balance")).toHaveCount(isLow ? 1 : 0)
  })

test("an empty balance after usage is low and keeps its history", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await giveCredits(db, team, team.owner, 8n * NANOS_PER_USD)
  await spendCredits(db, team, team.owner, 8n * NANOS_PER_USD)
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$0.00")
  await expect(card).toContainText("Low Balance")
  await expect(card).not.toContainText("No credits yet")
  await expect(card.getByRole("row", { name: /Consumption/ })).toContainText("−$8.00")
})

test("a debt is a negative balance with its reason, and a purchase repays it first", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await giveCredits(db, team, team.owner, 3n * NANOS_PER_USD)
  await putInDebt(db, team, team.owner, 12n * NANOS_PER_USD)
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("−$12.00")
  await expect(card).toContainText(
    "A refund was larger than what was left. Usage resumes once it is covered.",
  )
  await expect(card.getByRole("row", { name: /Refund/ })).toContainText("−$15.00")
  await openCheckout(page, "25.00")
  await payWith("4242424242424242")
  await expect(card).toContainText("$13.00")
  await expect(card).not.toContainText("A refund was larger")
})

test("the largest balance and the longest names fit a phone without scrolling sideways", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const long = "The Extraordinarily Long-Named Department of Unbreakable".padEnd(120, "W")
  await db.team.update({ where: { id: team.id }, data: { name: long } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: long } })
  await giveCredits(db, team, team.owner, 9_999_999_990_000_000n)
  await signInAs(team.owner)
  for (const path of [billingPath, `${billingPath}/transactions`, "/teams"]) {
    await page.goto(path)
    if (path !== "/teams")
      await expect(page.getByText("$9,999,999.99").filter({ visible: true }).first()).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390)
  }
})

test("no page of a team scrolls sideways at 320 px, with the longest names and the largest balance", async ({
  page,
  db,
  team,
  signInAs,
  watched,
}) => {
  // From pages about something that doesn't exist.
  watched.allow(/404/)
  await page.setViewportSize({ width: 320, height: 640 })
  const long = "The Extraordinarily Long-Named Department of Unbreakable".padEnd(120, "W")
  await db.team.update({ where: { id: team.id }, data: { name: long } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: long } })
  await giveCredits(db, team, team.owner, 9_999_999_990_000_000n)
  await spendCredits(db, team, team.owner, 42n)
  await addCard(methodWorld(db), team)
  await enableTopUp({ db }, team, { amount: 200, threshold: 200 })
  await createTestApiKey(db, team, { name: long.slice(0, 60) })
  const { endpointId } = await addEndpoint({ db }, team, `http://127.0.0.1:9/${"w".repeat(120)}`)
  await signInAs(team.owner)
  const paths = [
    ...teamPages(team.slug),
    `/${team.slug}/settings/account/billing/transactions?open=2`,
    `/${team.slug}/settings/webhooks/${toPublicId("whe", endpointId)}`,
    `/${team.slug}/settings/account/billing?dialog=purchase`,
    `/${team.slug}/settings/account/billing?dialog=auto-top-up`,
    "/teams",
    "/sessions",
  ]
  for (const path of paths) {
    await page.goto(path)
    if (path.includes("?dialog=")) await expect(page.getByRole("dialog")).toBeVisible()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect({ path, width }).toEqual({ path, width: 320 })
  }
})

test("a name made of markup stays text wherever it is shown", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const name = `</script><img src=x onerror=alert(1)>"'{{7*7}}`
  await db.team.update({ where: { id: team.id }, data: { name } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name } })
  page.on("dialog", () => expect(null, "a script of a name ran").toBe("text"))
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(page.getByRole("banner")).toContainText(name)
  await openCheckout(page, "10.00")
  await expect(page.getByRole("dialog")).toContainText(name)
})

test("a payment that fits no purchase is said on the page until somebody has decided", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await db.parkedPayment.create({
    data: {
      paymentIntentId: `pi_${crypto.randomUUID()}`,
      teamId: team.id,
      amountMinor: 2500n,
      currency: "eur",
      reason: "other_currency",
    },
  })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(page.getByText("A payment arrived that doesn’t match a purchase.")).toBeVisible()
  const support = page.getByRole("link", { name: "contact support" })
  await expect(support).toHaveAttribute("href", "mailto:support@example.com")
})

test("all of Billing is there without JavaScript, in the first answer", async ({
  browser,
  context,
  db,
  team,
  billingPath,
  signInAs,
  baseURL,
}) => {
  await giveCredits(db, team, team.owner, 42_180_000_000n)
  await signInAs(team.owner)
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" })
  await plain.addCookies(await context.cookies())
  const page = await plain.newPage()
  await page.goto(billingPages(team.slug).usage)
  await expect(page.getByText("Usage appears here as soon as it is reported.")).toBeVisible()
  await page.goto(`${billingPath}?pool=${toPublicId("pool", team.owner.poolId)}`)
  for (const [tab, regions] of [
    ["Usage", []],
    ["Payments", ["Payment methods", "Receipts and invoices"]],
    ["Plan", ["Plan"]],
    ["Overview", [/^OWNER of the test’s credits/]],
  ] as const) {
    await billingTabs(page).filter({ hasText: tab }).click()
    await expect(page).toHaveURL(/\?pool=pool_\w+$/)
    await expect(billingTabs(page).and(page.locator("[aria-current=page]"))).toHaveText([tab])
    for (const name of regions)
      await expect(
        page.getByRole("region", typeof name === "string" ? { name, exact: true } : { name }),
      ).toBeVisible()
  }
  await expect(reconciliationLine(page)).toBeVisible()
  await expect(page.getByRole("region", { name: /credits( ?:|$)/i })).toContainText("$42.18")
  await page.getByRole("link", { name: "Promotion" }).click()
  await expect(page.getByRole("dialog", { name: "Promotion" })).toContainText("+$42.18")
  await plain.close()
})

test("another team's pool and what is no pool don't exist", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  const other = await createTestTeam(db)
  await signInAs(team.owner)
  const { reconciliation: _, ...poolPages } = billingPages(team.slug)
  for (const pool of [toPublicId("pool", other.owner.poolId), toPublicId("pool", other.id), "x", ""])
    for (const path of [...Object.values(poolPages), `${billingPath}/transactions`]) {
      // Usage's form sends a pool that wasn't chosen as an empty one.
      const status = pool === "" && path === poolPages.usage ? 200 : 404
      expect((await page.goto(`${path}?pool=${pool}`))?.status(), `${path} of ${pool}`).toBe(status)
    }
})

test("times are the reader's, from the first paint of every later page on", async ({
  browser,
  context,
  db,
  team,
  billingPath,
  signInAs,
  baseURL,
}) => {
  await giveCredits(db, team, team.owner, 5n * NANOS_PER_USD, new Date("2025-07-03T20:30:00Z"))
  await signInAs(team.owner)
  const auckland = await browser.newContext({ timezoneId: "Pacific/Auckland", baseURL: baseURL ?? "" })
  await auckland.addCookies(await context.cookies())
  const page = await auckland.newPage()
  await page.goto(billingPath)
  const time = page
    .getByRole("table", { name: "Recent Transactions" })
    .getByRole("row", { name: /Promotion/ })
    .locator("time")
  await expect(time).toHaveAttribute("title", "4 July 2025, 08:30 GMT+12")
  const html = await (await auckland.request.get(billingPath)).text()
  expect(html).toContain("4 July 2025, 08:30")
  await auckland.close()
})
