import { createTestApiKey } from "@/dev/testing/api-keys"
import { enableTopUp } from "@/dev/testing/auto-top-up"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { addCard } from "@/dev/testing/payment-methods"
import { giveCredits, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { MeteringClient } from "./metering-client"
import { creditsCard, openTopUpDialog, openUntilCardSays, topUpDialog } from "./pages/auto-top-up-page"
import { cardFields, methodsCard, methodWorld, setupBankFrame } from "./pages/payment-methods-page"
import { hearNothing } from "./pages/watch-pages"

const usd = (dollars: bigint) => dollars * NANOS_PER_USD

test.beforeEach(({ db, team }) => withoutIncluded(db, team))

test("an Admin turns it on with a card added in place, sees it fire, and turns it off", async ({
  page,
  request,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await giveCredits(db, team, team.owner, usd(40n))
  await signInAs(team.admin)
  const ownersPool = `${billingPath}?pool=${toPublicId("pool", team.owner.poolId)}`
  await page.goto(ownersPool)
  const card = creditsCard(page)
  await expect(card).toContainText("Add credits automatically before you run out.")
  await openTopUpDialog(page)
  const dialog = topUpDialog(page)
  await expect(dialog.getByRole("switch", { name: "Enable auto top-up" })).not.toBeChecked()
  await expect(dialog.getByRole("switch")).toBeFocused()
  await dialog.getByRole("switch").click()
  await expect(dialog).toContainText("None yet")
  await dialog.getByLabel("When credits are below").fill("60")
  await expect(dialog).toContainText("Enter a valid threshold to see what would have been charged")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog.getByText("The threshold can’t be more than the purchase amount.")).toBeVisible()
  await expect(dialog.getByLabel("When credits are below")).toBeFocused()
  await dialog.getByLabel("When credits are below").fill("20")
  await expect(dialog).toContainText("There was no usage in the last 30 days")
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

  // The allowance, the plan's included credits, and $25.00 of the given credits.
  const program = new MeteringClient(request, (await createTestApiKey(db, team)).apiKey)
  expect((await program.report({ consumable: "sms", quantity: 4_600 })).status).toBe(200)
  // Without touching the page.
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

  await page.goto(ownersPool)
  await openTopUpDialog(page)
  await dialog.getByRole("switch").click()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("status").getByText("Auto top-up is off.")).toBeAttached()
  await expect(card).toContainText("Add credits automatically")
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
  // Both days lie in one month, whose cap they reach. If it is over, the present month's cap allows one more.
  const isMonthOver = new Date().getUTCDate() <= 8
  const daysAgo = isMonthOver ? 20 : 8
  await spendCredits(db, team, team.owner, usd(45n), new Date(Date.now() - daysAgo * DAY_MS))
  // By hand, which the dry run leaves out.
  await giveCredits(db, team, team.owner, usd(500n))
  await spendCredits(db, team, team.owner, usd(200n), new Date(Date.now() - (daysAgo - 1) * DAY_MS))
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  await topUpDialog(page).getByRole("switch").click()
  await expect(topUpDialog(page)).toContainText(
    isMonthOver
      ? /would have charged 5 times, \$250\.00; the cap would have been reached on \d+ \w+\./
      : /would have charged 4 times, \$200\.00; the cap would have been reached on \d+ \w+\./,
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
  // The page behind the dialog has learnt of it. The dialog still shows the earlier state.
  await expect(page.locator("b").filter({ hasText: "$75.00" })).toBeAttached({ timeout: 20_000 })
  await topUpDialog(page).getByRole("button", { name: "Save" }).click()
  await expect(topUpDialog(page).getByRole("alert")).toContainText("Somebody changed this in the meantime.")
  await topUpDialog(page).getByRole("button", { name: "Cancel" }).click()
  await page.reload()
  await expect(creditsCard(page)).toContainText("Adds $75.00")
})

test("low after a refund, the card says that nothing is charged before the next usage", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const payment = await buy(db, pool, usd(50n))
  await addCard(methodWorld(db), team)
  // More than the plan includes, which counts too.
  await enableTopUp({ db }, team, { threshold: 30 })
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = creditsCard(page)
  const words = "The balance is low. Auto top-up adds $50.00 with the next usage."
  await expect(card).not.toContainText(words)
  await report(db, await refundOf(db, payment, usd(50n)))
  await page.reload()
  await expect(card).toContainText(words)
  expect(await db.purchase.count({ where: { teamId: team.id, kind: "auto_top_up" } })).toBe(0)
})

test("a card that is declined: the reason in words, when it is tried again, and after three a way to resume", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
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
  await expect(card).toContainText(/Resuming charges Visa\s••••\s\d{4} \$50\.00 now\./)
  // The balance falls behind the page's back: the button names less than what would be charged.
  await hearNothing(page, watched)
  await giveCredits(db, team, team.owner, usd(500n))
  await page.reload()
  const resume = card.getByRole("button", { name: "Resume", exact: true })
  await expect(resume).toBeVisible()
  await spendCredits(db, team, team.owner, usd(495n))
  await resume.click()
  await expect(card.getByRole("alert")).toHaveText(
    "Nothing was resumed or charged, because the amount has changed. Check it before you resume.",
  )
  await expect(card).toContainText("Auto top-up is suspended")
  await card.getByRole("button", { name: "Resume and charge $50.00" }).click()
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
  const ownersPool = `${billingPath}?pool=${toPublicId("pool", team.owner.poolId)}`
  await openUntilCardSays(page, ownersPool, "Your bank wants you to confirm the payment")
  await card.getByRole("button", { name: "Confirm payment" }).click()
  await setupBankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
  await expect(page.getByRole("status").getByText("Payment confirmed. $50.00 added.")).toBeAttached()
  await expect(card).toContainText("$50.00 of $200.00 this month")
  await expect(card).not.toContainText("confirm the payment")
  expect(await db.purchase.count({ where: { teamId: team.id, kind: "auto_top_up" } })).toBe(1)
})

test("saving that charges says so before, on the button too, and charges that", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await giveCredits(db, team, team.owner, usd(30n))
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  const dialog = topUpDialog(page)
  await dialog.getByRole("switch").click()
  await expect(dialog.getByRole("button", { name: "Save", exact: true })).toBeVisible()
  const threshold = dialog.getByLabel("When credits are below")
  await threshold.fill("1000")
  await dialog.getByLabel("Purchase this amount").fill("1000")
  await expect(dialog.getByText("saving charges")).toHaveCount(0)
  await dialog.getByLabel("Purchase this amount").blur()
  await expect(dialog.getByText("The amount can’t be more than the monthly cap of $200.00.")).toBeVisible()
  await dialog.getByRole("button", { name: "Raise the cap" }).click()
  await expect(dialog.getByLabel("Monthly cap")).toBeFocused()
  await expect(dialog.getByLabel("Monthly cap")).toHaveValue("1000")
  await expect(dialog).toContainText(
    "Your balance is already below this: saving charges Visa •••• 4242 $1,000.00.",
  )
  await expectAccessible()
  await dialog.getByRole("button", { name: "Save and charge $1,000.00" }).click()
  await expect(page.getByRole("status").getByText("Your card is being charged.")).toBeAttached()
  await expect(creditsCard(page)).toContainText("$1,030.00", { timeout: 25_000 })
  await expect(creditsCard(page)).toContainText("$1,000.00 of $1,000.00 this month")
  expect(await db.purchase.count({ where: { teamId: team.id, kind: "auto_top_up" } })).toBe(1)
})

test("a balance that falls behind the dialog’s back saves and charges nothing before it is said", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await giveCredits(db, team, team.owner, usd(30n))
  await signInAs(team.owner)
  await hearNothing(page, watched)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  const dialog = topUpDialog(page)
  await dialog.getByRole("switch").click()
  await spendCredits(db, team, team.owner, usd(25n))
  await dialog.getByRole("button", { name: "Save", exact: true }).click()
  await expect(async () => {
    await expect(dialog.getByRole("button", { name: "Save and charge $50.00" })).toBeVisible({ timeout: 500 })
  }).toPass()
  expect(await db.autoTopUpSettings.count({ where: { teamId: team.id } })).toBe(0)
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
})

test("the dialog chooses among the cards on file, and the chosen one is charged", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  const other = await addCard(world, team, "pm_card_mastercard")
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openTopUpDialog(page)
  await topUpDialog(page).getByRole("switch").click()
  await topUpDialog(page).getByRole("button", { name: "Change" }).click()
  const dialog = page.getByRole("dialog", { name: "Choose a payment method" })
  await expect(dialog).toContainText("Plan, purchases and top-ups use the default card.")
  await expect(dialog.getByRole("radio", { name: /Visa/ })).toBeChecked()
  await dialog.getByRole("radio", { name: /Mastercard/ }).check()
  await expectAccessible()
  await dialog.getByRole("button", { name: "Make default" }).click()
  await topUpDialog(page).getByLabel("When credits are below").fill("20")
  await expect(topUpDialog(page)).toContainText("saving charges Mastercard •••• 4444 $50.00.")
  await topUpDialog(page).getByRole("button", { name: "Save and charge $50.00" }).click()
  await expect(creditsCard(page)).toContainText("$50.00 of $200.00 this month")
  expect(await db.purchase.findMany({ where: { teamId: team.id } })).toMatchObject([
    { paymentMethodId: other },
  ])
})

test("the cap says how much is used, is changed in place, may be none, and stops everything at nothing", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const world = methodWorld(db)
  await addCard(world, team)
  await giveCredits(db, team, team.owner, usd(60n))
  await enableTopUp(world, team)
  await signInAs(team.owner)
  await page.goto(billingPath)
  const card = creditsCard(page)
  const dialog = topUpDialog(page)
  const change = async (cap: string) => {
    await card.getByRole("button", { name: "Change the monthly cap" }).click()
    await expect(dialog.getByLabel("Monthly cap")).toBeFocused()
    await dialog.getByLabel("Monthly cap").fill(cap)
    await dialog.getByRole("button", { name: "Save", exact: true }).click()
  }
  await change("5.001")
  await expect(dialog.getByText("Use at most two decimals.")).toBeVisible()
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await change("49.99")
  await expect(dialog.getByText("The amount can’t be more than the monthly cap of $49.99.")).toBeVisible()
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await change("300")
  await expect(card).toContainText("of $300.00 this month")
  await change("0")
  await expect(card).toContainText("The monthly cap is $0.00, so nothing is topped up until you raise it.")
  await card.getByRole("button", { name: "Raise the cap" }).click()
  await expect(dialog.getByLabel("Monthly cap")).toBeFocused()
  await dialog.getByLabel("No cap").check()
  await dialog.getByRole("button", { name: "Save", exact: true }).click()
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
