import { toPublicId } from "@/lib/ids"
import { expect, required, test } from "./fixtures"
import { createKeyOnPage, MeteringClient } from "./metering-client"
import { openCheckout } from "./pages/checkout"

// On the test teams' plan a period includes $20.00, 100 messages and 10 GB-months. Beyond that, a message costs $0.01
// and a GB-month $0.10.

const NOT_ENOUGH_TITLE =
  "This request costs $30.00 and $20.00 is left. Purchase add-on credits or raise the team-wide spend cap to continue."

test("a program’s usage takes the allowance, then included credits, then what was bought, and the pages show it", async ({
  page,
  request,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  await signInAs(team.owner)
  const program = new MeteringClient(request, await createKeyOnPage(page, team, "Production"))
  await page.getByRole("link", { name: "Billing" }).click()
  await openCheckout(page, "25.00")
  await payWith("4242424242424242")
  await expect(page.getByRole("status").filter({ hasText: "$25.00 added." })).toHaveCount(1)

  const receipts = []
  for (const quantity of [60, 60, 2_030, 75]) {
    const { status, json } = await program.report({ consumable: "sms", quantity })
    expect(status).toBe(200)
    receipts.push(json)
  }
  const drawn = (allowance: string, included: string, credits: string) => ({
    drawn: { allowance, included, promotion: "0.00", credits },
  })
  expect(receipts).toMatchObject([
    { cost: "0.00", ...drawn("60", "0.00", "0.00"), balance: "25.00", available: "45.00" },
    { cost: "0.20", ...drawn("40", "0.20", "0.00"), balance: "25.00", available: "44.80" },
    { cost: "20.30", ...drawn("0", "19.80", "0.50"), balance: "24.50", available: "24.50" },
    { cost: "0.75", ...drawn("0", "0.00", "0.75"), balance: "23.75", available: "23.75" },
  ])

  await page.goto(billingPath)
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$23.75")
  await expect(card).toContainText(/Lifetime spent\s*\$1\.25/)
  const expectRows = async () => {
    const rows = page.getByRole("table", { name: "Transactions" }).locator("tbody").getByRole("row")
    await expect(rows).toHaveText([
      /^Consumption\s*SMS · .*−\$0\.75\s*\$23\.75/,
      /^Consumption\s*SMS · .*−\$0\.50\s*\$24\.50/,
      /^Purchase.*\+\$25\.00\s*\$25\.00/,
    ])
  }
  await expectRows()
  await page.getByRole("link", { name: "History" }).click()
  await expect(page.getByRole("heading", { name: "Transactions" })).toBeVisible()
  await expectRows()

  expect((await program.ask("GET", "/balance")).json).toMatchObject({
    balance: "23.75",
    included_left: "0.00",
    allowances: expect.arrayContaining([{ consumable: "sms", left: "0", granted: "100" }]),
  })
  expect((await program.ask("GET", "/transactions?limit=2")).json.transactions).toMatchObject([
    { kind: "consumption", description: "SMS", amount: "-0.75", balance_after: "23.75" },
    { kind: "consumption", description: "SMS", amount: "-0.50", balance_after: "24.50" },
  ])
})

test("usage that the pool can’t pay for is refused with a document whose addresses lead on, until credits are bought", async ({
  page,
  request,
  db,
  team,
  billingPath,
  signInAs,
  payWith,
}) => {
  const appUrl = required("E2E_APP_URL")
  await signInAs(team.owner)
  const program = new MeteringClient(request, await createKeyOnPage(page, team, "Production"))
  const usage = { consumable: "storage", quantity: 310 }
  const { status, headers, json } = await program.report(usage)
  expect(status).toBe(403)
  expect(headers["content-type"]).toBe("application/problem+json")
  const pool = await db.pool.findFirstOrThrow({ where: { id: team.owner.poolId } })
  expect(json).toEqual({
    type: "/reference/api-and-sdk/troubleshooting/errors/insufficient-credits/",
    title: NOT_ENOUGH_TITLE,
    status: 403,
    instance: "/api/v1/usage",
    retryable: false,
    error: NOT_ENOUGH_TITLE,
    code: "insufficient_credits",
    reason: "not_enough",
    billed_principal: { type: "team_owner", id: toPublicId("member", team.owner.memberId) },
    pools: [
      {
        id: toPublicId("pool", team.owner.poolId),
        name: "OWNER of the test",
        available: "20.00",
        renews_at: pool.periodEndsAt?.toISOString(),
      },
    ],
    required: "30.00",
    who_can_fix: ["Owner", "Admin"],
    top_up_url: `${appUrl}${billingPath}`,
    request_id: headers["x-request-id"],
  })

  const type = new URL(String(json.type), appUrl).href
  for (const address of [type, type.replace(/\/$/, "")]) {
    await page.goto(address)
    await expect(page.getByRole("heading", { level: 1, name: "Insufficient credits" })).toBeVisible()
    await expect(page.getByRole("row").filter({ hasText: String(json.reason) })).toHaveCount(1)
  }
  await page.goto(String(json.top_up_url))
  await expect(page.getByRole("heading", { name: "Billing" })).toBeVisible()
  await openCheckout(page, "25.00")
  await payWith("4242424242424242")
  const card = page.getByRole("region", { name: "Credits" })
  await expect(card).toContainText("$25.00")

  const charged = await program.report(usage)
  expect(charged.status).toBe(200)
  expect(charged.json).toMatchObject({
    cost: "30.00",
    drawn: { allowance: "10", included: "20.00", credits: "10.00" },
    balance: "15.00",
  })
  await page.reload()
  await expect(card).toContainText("$15.00")
  await expect(card.getByRole("row", { name: /Consumption/ })).toContainText("−$10.00")
})

test("the very next request with a key that was revoked on the page is refused", async ({
  page,
  request,
  team,
  signInAs,
}) => {
  await signInAs(team.owner)
  const program = new MeteringClient(request, await createKeyOnPage(page, team, "Leaked"))
  const usage = { consumable: "sms", quantity: 1 }
  expect((await program.report(usage, "before")).status).toBe(200)
  await page.getByRole("button", { name: "Revoke Leaked" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click()
  await expect(page.getByRole("status").getByText("“Leaked” is revoked.")).toBeAttached()

  const answers = [
    await program.report(usage),
    await program.report(usage, "before"),
    await program.ask("GET", "/balance"),
    await program.ask("GET", "/transactions"),
  ]
  for (const { status, headers, json } of answers) {
    expect(status).toBe(401)
    expect(headers["www-authenticate"]).toContain("Bearer")
    expect(json.code).toBe("unauthenticated")
  }
})
