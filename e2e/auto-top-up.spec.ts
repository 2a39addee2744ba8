import { DAY_MS } from "@/lib/clock"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { createTestApiKey } from "./testing/api-keys"
import { enableTopUp } from "./testing/auto-top-up"
import { creditsCard, openTopUpDialog, openUntilCardSays, topUpDialog } from "./testing/auto-top-up-page"
import { MeteringClient } from "./testing/metering-client"
import { addCard } from "./testing/payment-methods"
import { cardFields, methodsCard, methodWorld, setupBankFrame } from "./testing/payment-methods-page"
import { giveCredits, spendCredits } from "./testing/pools"

const usd = (dollars: bigint) => dollars * NANOS_PER_USD

test("an Admin turns it on with a card added in place, sees it fire, and turns it off", async ({
  page,
  request,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await giveCredits(db, team, team.owner, usd(40n))
  await signInAs(team.admin)
  await page.goto(billingPath)
  const card = creditsCard(page)
  await expect(card).toContainText("Add credits automatically before you run out.")
  await openTopUpDialog(page)
  const dialog = topUpDialog(page)
  await expect(dialog.getByRole("switch", { name: "Enable auto top up" })).not.toBeChecked()
  await dialog.getByRole("switch").click()
  await expect(dialog).toContainText("None yet")
  await dialog.getByLabel("When credits are below").fill("60")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog.getByText("The threshold can’t be more than the purchase amount.")).toBeVisible()
  await expect(dialog.getByLabel("When credits are below")).toBeFocused()
  await dialog.getByLabel("When credits are below").fill("20")
  await expect(dialog).toContainText("there is nothing to try it on")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog.getByText("Add a payment method first.")).toBeVisible()
  await expectAccessible()

  await dialog.getByRole("button", { name: "Add payment method" }).click()
  const fields = cardFields(page)
  await fields.getByLabel("Card number").fill("4242424242424242")
  await fields.getByLabel("Expiration (MM / YY)").fill("12 / 34")
  await fields.getByLabel("CVC").fill("123")
  await page.getByRole("button", { name: "Add card" }).click()
  await expect(dialog).toContainText("Visa •••• 4242")
  await expect(dialog.getByLabel("When credits are below")).toHaveValue("20")
  await expect(dialog).toContainText("up to the monthly cap of $200.00")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("status").getByText("Auto top-up is on.")).toBeAttached()
  await expect(card).toContainText("Adds $50.00 when the balance is at or below $20.00")
  await expect(card).toContainText("$0.00 of $200.00 this month")

  // The allowance, the plan's included credits, and $25.00 of what was given.
  const program = new MeteringClient(request, (await createTestApiKey(db, team)).apiKey)
  expect((await program.report({ consumable: "sms", quantity: 4_600 })).status).toBe(200)
  // By itself: the page is not touched.
  await expect(card).toContainText("$65.00", { timeout: 25_000 })
  await expect(card).toContainText("$50.00 of $200.00 this month")
  await expect(card.getByRole("row").filter({ hasText: "Auto top-up" })).toContainText("+$50.00")

  await page.getByRole("link", { name: "Why was I (not) topped up?" }).click()
  await expect(page.getByRole("region", { name: "Why was I (not) topped up?" })).toContainText(
    "Topped up with $50.00",
  )
  await expect(page.getByRole("region", { name: "Changes" })).toContainText(
    "Turned on · at or below $20.00 · adds $50.00",
  )
  await expectAccessible()

  await page.goto(billingPath)
  await openTopUpDialog(page)
  await dialog.getByRole("switch").click()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("status").getByText("Auto top-up is off.")).toBeAttached()
  await expect(card).toContainText("Add credits automatically before you run out.")
})

test("the dry run says what the last thirty days would have cost", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await giveCredits(db, team, team.owner, usd(50n))
  await spendCredits(db, team, team.owner, usd(45n), new Date(Date.now() - 8 * DAY_MS))
  // By hand, which the dry run leaves out.
  await giveCredits(db, team, team.owner, usd(500n))
  await spendCredits(db, team, team.owner, usd(200n), new Date(Date.now() - 7 * DAY_MS))
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  await topUpDialog(page).getByRole("switch").click()
  await expect(topUpDialog(page).getByRole("figure")).toContainText(
    /would have charged 4 times, \$200\.00; the cap would have been reached on \d+ \w+\./,
  )
})

test("two people who change it at once: the second is told, and nothing is lost", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await enableTopUp(world, team)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  await enableTopUp(world, team, { amount: 75 })
  // The page behind the dialog has learnt of it; what the person sees in the dialog is from before.
  await expect(page.locator("b").filter({ hasText: "$75.00" })).toBeAttached({ timeout: 20_000 })
  await topUpDialog(page).getByRole("button", { name: "Save" }).click()
  await expect(topUpDialog(page).getByRole("alert")).toContainText("Somebody changed this meanwhile.")
  await page.reload()
  await expect(creditsCard(page)).toContainText("Adds $75.00")
})

test("a card that is declined: the reason in words, when it is tried again, and after three a way to resume", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team, "pm_card_chargeCustomerFail")
  await enableTopUp(world, team)
  await signInAs(team.owner)
  const card = creditsCard(page)
  await openUntilCardSays(page, billingPath, "The last top-up failed")
  await expect(card).toContainText(
    /Your bank declined the charge.* We’ll try again .*, then stop after 2 more failures\./,
  )

  await db.autoTopUpSettings.updateMany({
    where: { teamId: team.id },
    data: { failures: 3, failedAt: new Date(), suspendedAt: new Date() },
  })
  await page.reload()
  await expect(card).toContainText("Auto top-up is suspended")
  await expect(card.getByRole("button", { name: "Add payment method" })).toBeVisible()
  await card.getByRole("button", { name: "Resume" }).click()
  await expect(card).not.toContainText("suspended")
})

test("a bank that wants a confirmation is brought to a person, and the same payment is credited", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team, "pm_card_authenticationRequired")
  await enableTopUp(world, team)
  await signInAs(team.admin)
  const card = creditsCard(page)
  await openUntilCardSays(page, billingPath, "Your bank wants you to confirm the payment")
  await card.getByRole("button", { name: "Confirm payment" }).click()
  await setupBankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
  await expect(card).toContainText("$50.00 of $200.00 this month")
  await expect(card).not.toContainText("confirm the payment")
  expect(await db.purchase.count({ where: { teamId: team.id, kind: "auto_top_up" } })).toBe(1)
})

test("the cap says how much is used, is raised in place, and may be none", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await enableTopUp(world, team, { amount: 201 })
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = creditsCard(page)
  await expect(card).toContainText("Another top-up would exceed the monthly cap of $200.00.")
  await card.getByRole("button", { name: "Raise the cap" }).click()
  const dialog = page.getByRole("dialog", { name: "Monthly spend cap" })
  await dialog.getByLabel("Cap in USD").fill("5.001")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog.getByText("Use at most two decimals.")).toBeVisible()
  await dialog.getByLabel("Cap in USD").fill("300")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("status").getByText("Monthly cap saved.")).toBeAttached()
  await expect(card).toContainText("of $300.00 this month")
  await card.getByRole("button", { name: "Change the monthly cap" }).click()
  await dialog.getByLabel("No cap").check()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(card).toContainText("this month, no cap")
})

test("a Member sees nothing of it, and gets nowhere", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  const world = methodWorld(db)
  await addCard(world, team)
  await enableTopUp(world, team, { now: new Date(Date.now() - DAY_MS) })
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(page.getByText("Auto Top-Up")).toHaveCount(0)
  await expect(methodsCard(page)).toHaveCount(0)
  const answer = await page.goto(`${billingPath}/auto-top-up`)
  expect(answer?.status()).toBe(404)
})
