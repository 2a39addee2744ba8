import { addCard, addCardUntil } from "@/dev/testing/payment-methods"
import { expect } from "./fixtures"
import {
  addDialog,
  cardFields,
  enterCard,
  methodsCard,
  methodWorld,
  openAddDialog,
  setupBankFrame,
} from "./pages/payment-methods-page"
import { test } from "./pages/shoot"

test("payment methods: none, adding one, choosing and removing", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
  shoot,
  watched,
}) => {
  watched.allow(/ERR_FAILED/)
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await signInAs(team.owner)
  await page.goto(paymentsPath)
  await shoot("methods-none")

  await page.route("**/stripe.js", (route) => route.abort())
  await methodsCard(page).getByRole("button", { name: "Add" }).click()
  await expect(addDialog(page).getByRole("alert")).toBeVisible()
  await shoot("methods-not-loaded")
  await page.unroute("**/stripe.js")
  // Never answered, so that the frame keeps loading.
  await page.route("**/elements/payment*", () => undefined)
  await addDialog(page).getByRole("button", { name: "Try again" }).click()
  await expect(addDialog(page).getByRole("button", { name: "Add card" })).toBeVisible()
  await shoot("methods-loading")
  await page.unroute("**/elements/payment*")
  await addDialog(page).getByRole("button", { name: "Cancel" }).click()

  await openAddDialog(page)
  await expect(cardFields(page).getByLabel("Card number")).toBeVisible()
  await shoot("methods-form")
  await addDialog(page).getByRole("button", { name: "Add card" }).click()
  await expect(cardFields(page).getByText("Your card number is incomplete.")).toBeVisible()
  await shoot("methods-form-incomplete")
  await enterCard(page, "4000000000009995")
  await expect(addDialog(page).getByRole("alert")).toBeVisible()
  await shoot("methods-declined")
  await enterCard(page, "4000002760003184")
  await expect(setupBankFrame(page).getByRole("button", { name: "Complete authentication" })).toBeVisible()
  await shoot("methods-bank")
  await setupBankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
  await expect(page.getByText("Visa •••• 3184 added.").last()).toBeVisible()
  await shoot("methods-one")

  const world = methodWorld(db)
  await addCard(world, team, "pm_card_mastercard")
  await page.reload()
  await openAddDialog(page)
  await expect(cardFields(page).getByLabel("Card number")).toBeVisible()
  await shoot("methods-form-second")
  await addDialog(page).getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: /^Remove Visa/ }).click()
  await shoot("methods-remove-default")
  await page.keyboard.press("Escape")
  await db.paymentMethod.deleteMany({ where: { teamId: team.id, brand: "mastercard" } })
  await page.getByRole("button", { name: /^Make Mastercard/ }).click()
  await expect(methodsCard(page).getByRole("alert")).toBeVisible()
  await shoot("methods-choose-problem")
})

test("payment methods: several, expiring and expired, and a long list", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
  stripe,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await signInAs(team.owner)
  const world = methodWorld(db)
  const now = new Date()
  const soon = { month: now.getUTCMonth() + 1, year: now.getUTCFullYear() }
  const first = await addCardUntil(world, stripe, team, { ...soon })
  await page.goto(paymentsPath)
  await shoot("methods-only-expires-soon")
  await addCard(world, team, "pm_card_mastercard")
  await addCardUntil(world, stripe, team, { card: "pm_card_amex", month: 3, year: 2022 })
  await page.reload()
  await shoot("methods-several")
  await stripe.updateCard(first, { exp_month: 1, exp_year: 2024 })
  for (const card of ["pm_card_discover", "pm_card_jcb", "pm_card_unionpay", "pm_card_diners"])
    await addCard(world, team, card)
  const [row] = await db.paymentMethod.findMany({ where: { teamId: team.id }, take: 1 })
  await db.paymentMethod.createMany({
    data: [
      "a.very.long.address.of.somebody.in.accounts.payable@extraordinarily-long-company-name.example",
    ].map((label) => ({
      teamId: team.id,
      id: "pm_link",
      customerId: row?.customerId ?? "",
      type: "link",
      label,
      isDefault: false,
      createdAt: now,
    })),
  })
  await page.reload()
  await shoot("methods-long-list")
})
