import { giveCredits } from "@/dev/testing/pools"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { createTestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { openCheckout, openedCheckout, purchaseStatuses } from "./pages/checkout"
import { hearNothing } from "./pages/watch-pages"

const NOT_FOUND = "This page doesn’t exist or you don’t have access to it."

test("another team's pages, an unknown team and nonsense all answer the same 404", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  const others = await createTestTeam(db)
  await giveCredits(db, others, others.owner, 1_234n * NANOS_PER_USD)
  const foreign = `/${others.slug}/settings/account/billing`
  const ownPool = toPublicId("pool", team.owner.poolId)
  const foreignPool = toPublicId("pool", others.owner.poolId)
  await signInAs(team.owner)
  const paths = [
    `/${others.slug}`,
    foreign,
    `${foreign}?pool=${foreignPool}`,
    `${foreign}?pool=${ownPool}`,
    `${foreign}/transactions`,
    `${foreign}/return?session_id=cs_test_x`,
    "/no-such-team/settings/account/billing",
    `${billingPath}?pool=${foreignPool}`,
    `${billingPath}?pool=${team.owner.poolId}`,
    `${billingPath}?pool=`,
    `${billingPath}?pool=${ownPool}&pool=${ownPool}`,
    `${billingPath}?pool=pool_00000000000000000000000000`,
    `${billingPath}/transactions?pool=${foreignPool}`,
    `${billingPath}/transactions?pool[not]=x&pool=${foreignPool}`,
    ...[
      "before=x",
      "before=-1",
      "before=1.5",
      "before=99999999999999999999",
      "before=1&after=1",
      "after=",
    ].map((cursor) => `${billingPath}/transactions?pool=${ownPool}&${cursor}`),
    `${billingPath}/transactions?before=1&before=2`,
    `${billingPath}/return`,
    `${billingPath}/return?session_id=`,
    ...["cs_test_unknown", "cs_%01", "cs_%ff", "cs_%ed%a0%80", "cs_test_1&session_id=cs_test_2", "pi_1"].map(
      (session) => `${billingPath}/return?session_id=${session}`,
    ),
    `${billingPath}/return?session_id=cs_${"a".repeat(3_000)}`,
    `${billingPath}/invoices/in_of_nobody`,
    `${billingPath}/invoices/${encodeURIComponent("../../x")}`,
    `${billingPath}/nothing-here`,
    `/${team.slug}/settings`,
  ]
  for (const path of paths) {
    const response = await page.request.get(path)
    const body = await response.text()
    expect(response.status(), path).toBe(404)
    expect(body, path).not.toContain("1,234")
    expect(body, path).not.toContain(others.name)
  }
  for (const path of [foreign, `${billingPath}?pool=${foreignPool}`, "/no-such-team/x"]) {
    await page.goto(path)
    await expect(page.getByRole("heading", { name: NOT_FOUND })).toBeVisible()
    await expect(page.getByRole("main")).toHaveCount(1)
  }
})

test("an unpaid session on the return page is not credited and says that nothing was charged", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  const { sessionId } = await openedCheckout(db, team)
  await page.goto(`${billingPath}/return?session_id=${sessionId}`)
  await expect(page.getByRole("heading", { name: "This payment was not completed" })).toBeVisible()
  await expect(page.getByText("Nothing was charged.")).toBeVisible()
  await expect(page.getByRole("main")).toHaveCount(1)
  expect(await db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(0)
  expect(await purchaseStatuses(db, team)).toEqual(["open"])
})

test("another team's paid session shows nothing, and is credited to the team that paid", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  signInInstead,
  stripe,
  watched,
}) => {
  watched.allow(/404/)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  const { sessionId, customer } = await openedCheckout(db, team)
  await stripe.webhookRule({ action: "drop", customer })
  await page.goto("about:blank")
  await stripe.pay(sessionId)

  const others = await createTestTeam(db)
  await signInInstead(others.owner)
  const foreign = `/${others.slug}/settings/account/billing/return?session_id=${sessionId}`
  expect((await page.goto(foreign))?.status()).toBe(404)
  expect(await db.entry.count({ where: { teamId: { in: [team.id, others.id] }, bucket: "credits" } })).toBe(0)

  await signInInstead(team.owner)
  await page.goto(`${billingPath}/return?session_id=${sessionId}`)
  await expect(page.getByRole("region", { name: "Credits" })).toContainText("$25.00")
})

test("a session that is over, unknown or malformed leads to sign-in and back", async ({
  page,
  context,
  db,
  team,
  billingPath,
  baseURL,
}) => {
  const expired = await startTestSession(db, team.owner.userId, new Date(Date.now() - 1_000))
  for (const value of [expired, "unknown", "", "%00", "a".repeat(3_000)]) {
    await context.clearCookies()
    await context.addCookies([{ name: SESSION_COOKIE, value, url: baseURL ?? "" }])
    await page.goto(billingPath)
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(billingPath)}`)
  }
})

test("a session that ends while the dialog is open leads to sign-in, and nothing is bought", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  await hearNothing(page, watched)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Purchase credits" }).click()
  await db.session.deleteMany({ where: { userId: team.owner.userId } })
  await page.getByRole("button", { name: "Purchase $10.00" }).click()
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(`${billingPath}?dialog=purchase`)}`)
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
})
