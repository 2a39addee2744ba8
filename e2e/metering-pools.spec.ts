import { createTestApiKey } from "@/dev/testing/api-keys"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { MeteringClient } from "./metering-client"
import { choosePool } from "./pages/pools"

test("usage of a member bills that member’s pool and not the Owner’s", async ({
  page,
  request,
  db,
  signInAs,
  signInInstead,
}) => {
  const team = await createTestTeam(db, { plan: "free" })
  const billingPath = `/${team.slug}/settings/account/billing`
  for (const person of [team.owner, team.member]) await giveCredits(db, team, person, 5n * NANOS_PER_USD)
  const { apiKey } = await createTestApiKey(db, team)
  const program = new MeteringClient(request, apiKey)
  const card = page.getByRole("region", { name: "Credits" })
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(card).toContainText("$5.00")

  const usage = { consumable: "sms", quantity: 100, trigger: "user", user: team.member.email }
  expect((await program.report(usage)).json).toMatchObject({ cost: "1.20", balance: "3.80" })
  await page.reload()
  await expect(card).toContainText("$3.80")
  await expect(card).toContainText("Low Balance")
  const refused = await program.report({ ...usage, quantity: 400 })
  expect(refused.json).toMatchObject({
    code: "insufficient_credits",
    billed_principal: { type: "user", id: toPublicId("member", team.member.memberId) },
    pools: [{ name: "MEMBER of the test", available: "3.80" }],
  })
  await expect(card).not.toContainText("Out of credits")
  expect((await program.report({ ...usage, quantity: 316 })).json).toMatchObject({ balance: "0.008" })
  await page.reload()
  await expect(card).toContainText("Out of credits")
  await expect(card).toContainText(/Usage resumes when somebody adds credits, or on \d+ \w+\./)
  await expect(card).not.toContainText("Low Balance")

  await signInInstead(team.owner)
  await page.goto(billingPath)
  await expect(card).toContainText("$5.00")
  await expect(card).not.toContainText("Out of credits")
  await expect(card.getByRole("row", { name: /Consumption/ })).toHaveCount(0)
  await choosePool(page, "MEMBER of the test")
  const rows = card.getByRole("row", { name: /Consumption/ })
  await expect(rows.last()).toContainText(/SMS.*−\$1\.20\s*\$3\.80/)
  await expect(card).toContainText(/Add some to resume, or wait until \d+ \w+\./)
})

test("an Enterprise team’s usage bills its shared pool, whoever caused it", async ({
  page,
  request,
  db,
  signInInstead,
}) => {
  const team = await createEnterpriseTeam(db)
  await giveCredits(db, team, team.owner, 50n * NANOS_PER_USD)
  const { apiKey } = await createTestApiKey(db, team)
  const program = new MeteringClient(request, apiKey)
  const { json } = await program.report({
    records: [
      { key: "tokens-1", consumable: "llm_tokens", quantity: 1_000_000_000 },
      { key: "tokens-2", consumable: "llm_tokens", quantity: 500_000_000, trigger: "schedule" },
      {
        key: "messages",
        consumable: "sms",
        quantity: 21_000,
        trigger: "user",
        user: team.member.email,
      },
      { key: "more", consumable: "sms", quantity: 100_000, trigger: "user", user: team.admin.email },
    ],
  })
  expect(json.results).toMatchObject([
    { key: "tokens-1", status: 200, drawn: { allowance: "500000000", included: "1000.00" } },
    { key: "tokens-2", status: 200, drawn: { included: "1000.00" } },
    { key: "messages", status: 200, drawn: { allowance: "20000", promotion: "7.00" }, balance: "43.00" },
    {
      key: "more",
      status: 403,
      code: "insufficient_credits",
      title:
        "This request costs $700.00 and $43.00 is left. Purchase add-on credits or raise the team-wide spend cap to continue.",
      billed_principal: { type: "team", id: toPublicId("team", team.id) },
      pools: [{ name: team.name, available: "43.00" }],
    },
  ])
  for (const person of [team.owner, team.admin, team.member]) {
    await signInInstead(person)
    await page.goto(`/${team.slug}/settings/account/billing`)
    await expect(page.getByRole("region", { name: "Credits" })).toContainText("$43.00")
    await expect(page.getByRole("button", { name: /choose another pool/ })).toHaveCount(0)
  }
})

test("another team’s key sees nothing of this team and can’t draw on it", async ({ request, db, team }) => {
  const others = await createTestTeam(db)
  await giveCredits(db, team, team.owner, 50n * NANOS_PER_USD)
  const own = new MeteringClient(request, (await createTestApiKey(db, team)).apiKey)
  const other = new MeteringClient(request, (await createTestApiKey(db, others)).apiKey)
  const held = await own.ask("POST", "/holds", { data: { consumable: "sms", quantity: 200 } })
  const { id } = held.json.hold as { id: string }
  const before = (await own.ask("GET", "/balance")).json

  expect((await other.ask("GET", "/balance")).json).toMatchObject({
    pool: { id: toPublicId("pool", others.owner.poolId) },
    balance: "0.00",
  })
  expect((await other.ask("GET", "/transactions")).json.transactions).toEqual([])
  for (const [method, path, data] of [
    ["GET", `/holds/${id}`, undefined],
    ["POST", `/holds/${id}/capture`, { quantity: 1 }],
    ["POST", `/holds/${id}/release`, undefined],
  ] as const)
    expect((await other.ask(method, path, { data })).status, path).toBe(404)
  const memberId = toPublicId("member", team.member.memberId)
  for (const user of [memberId, team.member.email]) {
    const usage = { consumable: "sms", quantity: 1, trigger: "user", user }
    expect((await other.report(usage)).json).toMatchObject({ code: "invalid_input", field: "user" })
    expect((await other.ask("GET", `/balance?user=${encodeURIComponent(user)}`)).status).toBe(400)
  }
  expect((await own.ask("GET", "/balance")).json).toEqual(before)
  expect(await balanceOf(db, team, team.owner)).toBe(50n * NANOS_PER_USD)
})
