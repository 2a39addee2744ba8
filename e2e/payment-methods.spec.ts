import { addCard, addCardUntil, readAtStripe } from "@/dev/testing/payment-methods"
import { expect, test } from "./fixtures"
import { openCheckout } from "./pages/checkout"
import {
  addDialog,
  cardFields,
  enterCard,
  methodsCard,
  methodWorld,
  openAddDialog,
  setupBankFrame,
} from "./pages/payment-methods-page"
import { hearNothing } from "./pages/watch-pages"

for (const role of ["owner", "admin"] as const)
  test(`the ${role} adds a card, another with the bank’s consent, chooses the default and removes both`, async ({
    page,
    db,
    team,
    paymentsPath,
    signInAs,
  }) => {
    await signInAs(team[role])
    await page.goto(paymentsPath)
    const card = methodsCard(page)
    await expect(card).toContainText("No payment method yet")
    await openAddDialog(page)
    await expect(addDialog(page)).toContainText("you allow Credits to charge it")
    await expect(addDialog(page).getByLabel("Make it the default")).toHaveCount(0)
    await enterCard(page, "4242424242424242")
    await expect(page.getByRole("status").getByText("Visa •••• 4242 added.")).toBeAttached()
    const visa = card.getByRole("listitem").filter({ hasText: "4242" })
    await expect(visa).toContainText("expires 12/34")
    await expect(visa).toContainText("Default")

    await openAddDialog(page)
    await expect(addDialog(page).getByLabel("Make it the default")).not.toBeChecked()
    await enterCard(page, "4000002760003184")
    await setupBankFrame(page).getByRole("button", { name: "Complete authentication" }).click()
    await expect(page.getByRole("status").getByText("Visa •••• 3184 added.")).toBeAttached()
    await expect(addDialog(page)).toBeHidden()
    const other = card.getByRole("listitem").filter({ hasText: "3184" })
    await expect(other).not.toContainText("Default")

    await other.getByRole("button", { name: "Make Visa ending in 3184 the default" }).click()
    await expect(page.getByRole("status").getByText("Visa •••• 3184 is the default now.")).toBeAttached()
    await expect(card.getByRole("listitem").first()).toContainText("3184")
    await expect(other.getByText("Default", { exact: true })).toBeVisible()
    const [chosen] = await db.paymentMethod.findMany({ where: { teamId: team.id, isDefault: true } })
    expect((await readAtStripe(methodWorld(db), team)).defaultId).toBe(chosen?.id)

    await other.getByRole("button", { name: "Remove Visa ending in 3184" }).click()
    const dialog = page.getByRole("dialog", { name: "Remove Visa •••• 3184?" })
    await expect(dialog).toContainText("Visa •••• 4242 becomes the default.")
    await page.keyboard.press("Escape")
    await expect(other.getByRole("button", { name: /^Remove/ })).toBeFocused()
    await other.getByRole("button", { name: /^Remove/ }).click()
    await dialog.getByRole("button", { name: "Remove" }).click()
    await expect(page.getByRole("status").getByText("Visa •••• 3184 is removed.")).toBeAttached()
    await expect(card.getByRole("listitem")).toHaveCount(1)
    await expect(visa.getByText("Default", { exact: true })).toBeVisible()
    await visa.getByRole("button", { name: /^Remove/ }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
    await expect(card).toContainText("No payment method yet")
    expect(await readAtStripe(methodWorld(db), team)).toEqual({ defaultId: null, ids: [] })
  })

test("a card’s problem is shown at its field, and another card can be entered", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto(paymentsPath)
  await openAddDialog(page)
  const dialog = addDialog(page)
  await dialog.getByRole("button", { name: "Add card" }).click()
  await expect(cardFields(page).getByText("Your card number is incomplete.")).toBeVisible()
  await expect(dialog.getByRole("alert")).toHaveCount(0)
  await enterCard(page, "4000000000009995")
  await expect(dialog.getByRole("alert")).toContainText("Your card has insufficient funds.")
  await enterCard(page, "4000002500003155")
  await setupBankFrame(page).getByRole("button", { name: "Fail authentication" }).click()
  await expect(dialog.getByRole("alert")).toContainText(/authenticate/i)
  expect(await db.paymentMethod.count({ where: { teamId: team.id } })).toBe(0)
  await enterCard(page, "5555555555554444")
  await expect(page.getByRole("status").getByText("Mastercard •••• 4444 added.")).toBeAttached()
  await expect(methodsCard(page).getByRole("listitem")).toHaveCount(1)
})

test("a new card can be made the default as it is added, with the keyboard alone", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
}) => {
  await addCard(methodWorld(db), team)
  await signInAs(team.owner)
  await page.goto(paymentsPath)
  await openAddDialog(page)
  await addDialog(page).getByLabel("Make it the default").check()
  await enterCard(page, "378282246310005")
  // American Express has four digits.
  await cardFields(page).getByLabel("CVC").fill("1234")
  await addDialog(page).getByRole("button", { name: "Add card" }).press("Enter")
  await expect(methodsCard(page).getByRole("listitem").first()).toContainText("American Express •••• 0005")
  await expect(methodsCard(page).getByRole("listitem").first()).toContainText("Default")
})

test("the form says when Stripe can’t be loaded or asked, and opens at the next try", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
  watched,
}) => {
  watched.allow(/ERR_FAILED/)
  await signInAs(team.owner)
  await page.goto(paymentsPath)
  await page.route("**/stripe.js", (route) => route.abort())
  await methodsCard(page).getByRole("button", { name: "Add" }).click()
  const dialog = addDialog(page)
  await expect(dialog.getByRole("alert")).toContainText("ad blocker")
  await page.unroute("**/stripe.js")
  await page.route("**/payments", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  )
  await dialog.getByRole("button", { name: "Try again" }).click()
  await expect(dialog.getByRole("alert")).toContainText("couldn’t be opened")
  await page.unroute("**/payments")
  await dialog.getByRole("button", { name: "Try again" }).click()
  await expect(dialog.getByRole("button", { name: "Add card" })).toBeEnabled()
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await expect(methodsCard(page).getByRole("button", { name: "Add" })).toBeFocused()
  expect(await db.paymentMethod.count({ where: { teamId: team.id } })).toBe(0)
})

test("a card that was removed by somebody else meanwhile is said to be gone", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
  watched,
}) => {
  await addCard(methodWorld(db), team)
  await addCard(methodWorld(db), team, "pm_card_mastercard")
  await signInAs(team.owner)
  await hearNothing(page, watched)
  await page.goto(paymentsPath)
  await db.paymentMethod.deleteMany({ where: { teamId: team.id, last4: "4444" } })
  await page.getByRole("button", { name: "Remove Mastercard ending in 4444" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("no longer there")
})

test("a card entered while buying is there at once, and offered for the next purchase", async ({
  page,
  team,
  billingPath,
  paymentsPath,
  signInAs,
  payWith,
}) => {
  await signInAs(team.owner)
  await page.goto(billingPath)
  await openCheckout(page)
  await payWith("4242424242424242")
  await expect(page.getByRole("status").getByText("$25.00 added.")).toBeAttached()
  await page.goto(paymentsPath)
  await expect(methodsCard(page).getByRole("listitem")).toContainText("Visa •••• 4242")
  await expect(methodsCard(page).getByRole("listitem")).toContainText("Default")
  await page.goto(billingPath)
  await openCheckout(page)
  await expect(page.getByRole("dialog").frameLocator("iframe").getByText("Visa •••• 4242")).toBeVisible()
})

test("a Member sees nothing of it", async ({ page, db, team, billingPath, paymentsPath, signInAs }) => {
  await addCard(methodWorld(db), team, "pm_card_amex")
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(page.getByText("Ask an Owner or Admin")).toBeVisible()
  await expect(page.getByText("Payment methods")).toHaveCount(0)
  for (const path of [billingPath, paymentsPath])
    for (const headers of [{ rsc: "0" }, { rsc: "1" }]) {
      const body = await (await page.request.get(path, { headers })).text()
      expect(body).not.toContain("0005")
      expect(body).not.toContain("American Express")
    }
})

test("axe finds nothing in the list and the dialogs", async ({
  page,
  db,
  team,
  paymentsPath,
  signInAs,
  expectAccessible,
  stripe,
}) => {
  await signInAs(team.owner)
  await page.goto(paymentsPath)
  await expect(methodsCard(page)).toContainText("No payment method yet")
  await expectAccessible()
  const world = methodWorld(db)
  await addCardUntil(world, stripe, team, { month: 1, year: 2020 })
  await addCard(world, team, "pm_card_mastercard")
  const now = new Date()
  const soon = { month: now.getUTCMonth() + 1, year: now.getUTCFullYear() }
  await addCardUntil(world, stripe, team, { card: "pm_card_amex", ...soon })
  await page.reload()
  await expect(methodsCard(page)).toContainText("Expired")
  await expectAccessible()
  await openAddDialog(page)
  await enterCard(page, "4000000000000002")
  await expect(addDialog(page).getByRole("alert")).toBeVisible()
  await expectAccessible()
  await addDialog(page).getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: /^Remove Mastercard/ }).click()
  await expect(page.getByRole("dialog").getByRole("button", { name: "Cancel" })).toBeFocused()
  await expectAccessible()
})
