import { enableTopUp, setCap } from "@/dev/testing/auto-top-up"
import { buy, disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { addCard } from "@/dev/testing/payment-methods"
import { giveCredits, spendCredits } from "@/dev/testing/pools"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect } from "./fixtures"
import { creditsCard, openTopUpDialog, openUntilCardSays, topUpDialog } from "./pages/auto-top-up-page"
import { methodWorld } from "./pages/payment-methods-page"
import { LONG, test } from "./pages/shoot"

const usd = (dollars: bigint) => dollars * NANOS_PER_USD

test("auto top-up: off, the dialog, on, and its history", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  const world = methodWorld(db)
  await giveCredits(db, team, team.owner, usd(900n), new Date(Date.now() - 31 * DAY_MS))
  for (let day = 1; day < 30; day++)
    await spendCredits(
      db,
      team,
      team.owner,
      usd(BigInt(3 + ((day * 7) % 19))),
      new Date(Date.now() - day * DAY_MS),
    )
  await signInAs(team.owner)
  await page.goto(billingPath)
  await shoot("top-up-off")
  await openTopUpDialog(page)
  await shoot("top-up-dialog-off")
  await topUpDialog(page).getByRole("switch").click()
  await expect(topUpDialog(page).getByRole("figure")).toBeVisible()
  await shoot("top-up-dialog-no-method")
  await topUpDialog(page).getByLabel("When credits are below").fill("60")
  await topUpDialog(page).getByRole("button", { name: "Save" }).click()
  await shoot("top-up-dialog-error")
  await topUpDialog(page).getByRole("button", { name: "Cancel" }).click()
  await addCard(world, team)
  await page.reload()
  await openTopUpDialog(page)
  await topUpDialog(page).getByRole("switch").click()
  await expect(topUpDialog(page).getByRole("figure")).toBeVisible()
  await shoot("top-up-dialog")
  await topUpDialog(page).getByRole("button", { name: "Save" }).click()
  await expect(creditsCard(page)).toContainText("Adds $50.00")
  await page.reload()
  await shoot("top-up-on")
  await page.getByRole("button", { name: "Change the monthly cap" }).click()
  const dialog = topUpDialog(page)
  await dialog.getByLabel("Monthly cap").fill("20")
  await dialog.getByRole("button", { name: "Save" }).click()
  await shoot("top-up-above-cap")
  await dialog.getByLabel("Monthly cap").fill("0")
  await shoot("top-up-cap-nothing")
  await dialog.getByLabel("No cap").check()
  await shoot("top-up-cap-none")
  await dialog.getByLabel("When credits are below").fill("1000")
  await dialog.getByLabel("Purchase this amount").fill("1000")
  await shoot("top-up-would-charge")
  await addCard(world, team, "pm_card_mastercard")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.reload()
  await openTopUpDialog(page)
  await dialog.getByRole("button", { name: "Change" }).click()
  await expect(page.getByRole("radio").first()).toBeVisible()
  await shoot("top-up-choose-card")
  await page.getByRole("button", { name: "Back" }).click()
  await dialog.getByRole("button", { name: "Cancel" }).click()

  const decided = (reason: string, hoursAgo: number, more = {}) =>
    db.autoTopUpDecision.create({
      data: {
        teamId: team.id,
        poolId: team.owner.poolId,
        reason,
        balanceNanos: usd(8n),
        thresholdNanos: usd(10n),
        amountNanos: usd(50n),
        decidedAt: new Date(Date.now() - hoursAgo * HOUR_MS),
        lastDecidedAt: new Date(Date.now() - (hoursAgo - 1) * HOUR_MS),
        ...more,
      },
    })
  await decided("cap_reached", 50, { times: 40 })
  await decided("card_expired", 20)
  await decided("cooling_down", 3, { times: 12 })
  await page.goto(`${billingPath}/auto-top-up`)
  await shoot("top-up-history")
})

test("auto top-up: what keeps it from working", async ({ page, db, team, billingPath, signInAs, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: LONG } })
  const world = methodWorld(db)
  await signInAs(team.owner)
  await page.goto(`${billingPath}/auto-top-up`)
  await shoot("top-up-history-empty")
  await addCard(world, team, "pm_card_chargeCustomerFail")
  await enableTopUp(world, team)
  const reach = (words: string) => openUntilCardSays(page, billingPath, words)
  await reach("The last top-up failed")
  await shoot("top-up-cooling-down")
  await db.autoTopUpSettings.updateMany({
    where: { teamId: team.id },
    data: { failures: 3, failedAt: new Date(), suspendedAt: new Date() },
  })
  await reach("suspended")
  await shoot("top-up-suspended")
  await db.paymentMethod.updateMany({ where: { teamId: team.id }, data: { expYear: 2020 } })
  await reach("has expired")
  await shoot("top-up-expired")
  await db.paymentMethod.deleteMany({ where: { teamId: team.id } })
  await reach("There is no payment method")
  await shoot("top-up-no-method")
})

test("auto top-up: low and not due, and paused by a dispute", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const first = await buy(db, pool, usd(50n))
  const second = await buy(db, pool, usd(40n))
  await addCard(methodWorld(db), team)
  await enableTopUp({ db }, team, { threshold: 45 })
  await report(db, await refundOf(db, first, usd(50n)))
  await signInAs(team.owner)
  await openUntilCardSays(page, billingPath, "with the next usage")
  await shoot("top-up-not-due")
  await reportDispute(db, await disputeOf(db, second, usd(40n)))
  await openUntilCardSays(page, billingPath, "is paused")
  await shoot("top-up-paused")
})

test("auto top-up: the cap is reached, and a bank that asks", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  const world = methodWorld(db)
  await addCard(world, team, "pm_card_authenticationRequired")
  await setCap(world, team, 0n)
  await enableTopUp(world, team)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(creditsCard(page)).toContainText("monthly cap")
  await shoot("top-up-capped")
  await setCap(world, team, usd(200n))
  await openUntilCardSays(page, billingPath, "confirm the payment")
  await shoot("top-up-authentication")
})
