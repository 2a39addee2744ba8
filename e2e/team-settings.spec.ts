import { giveCredits } from "@/dev/testing/pools"
import { expect, test } from "./fixtures"

test("an Admin renames the team and changes its address, and old links lead on", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await signInAs(team.admin)
  await page.goto(`/${team.slug}/settings/general`)
  await page.getByLabel("Team name").fill("Fabrikam")
  await page.getByRole("button", { name: "Save", exact: true }).first().click()
  await expect(page.getByRole("button", { name: /^Fabrikam/ })).toBeVisible()
  await page.getByLabel("Web address").fill("API")
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("Use 2 to 48 small letters")).toBeVisible()
  await page.getByLabel("Web address").fill("api")
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("This address is reserved.")).toBeVisible()
  await expectAccessible()
  const slug = `fabrikam-${crypto.randomUUID().slice(0, 8)}`
  await page.getByLabel("Web address").fill(slug)
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page).toHaveURL(`/${slug}/settings/general`)
  await page.getByLabel("Low-balance threshold").fill("12.5")
  await page.getByRole("button", { name: "Save", exact: true }).last().click()
  await expect
    .poll(() => db.team.findUnique({ where: { id: team.id } }))
    .toMatchObject({ lowBalanceThresholdNanos: 12_500_000_000n })
  await page.goto(`/${team.slug}/settings/api-keys?dialog=create-key`)
  await expect(page).toHaveURL(`/${slug}/settings/api-keys?dialog=create-key`)
  await expect(page.getByRole("button", { name: "Delete team" })).toHaveCount(0)
})

test("the Owner is told what is left, types the name, and the team is gone", async ({
  page,
  db,
  team,
  signInAs,
  watched,
  expectAccessible,
}) => {
  watched.allow(/404/)
  await giveCredits(db, team, team.member, 38_400_000_000n)
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/general`)
  await page.getByRole("button", { name: "Delete team" }).click()
  const dialog = page.getByRole("dialog")
  await expect(dialog).toContainText("$38.40 of credits is left")
  await expectAccessible()
  await dialog.getByRole("button", { name: "Delete team" }).click()
  await expect(dialog.getByText(`Type “${team.name}” to confirm.`)).toBeVisible()
  await dialog.getByLabel("The team’s name").fill(team.name)
  await dialog.getByRole("button", { name: "Delete team" }).click()
  await expect(page).toHaveURL("/teams")
  await expect(page.getByText(team.name)).toHaveCount(0)
  expect((await page.goto(`/${team.slug}/settings/general`))?.status()).toBe(404)
})

test("billing details are judged by Stripe at their field, and kept with its customer", async ({
  page,
  db,
  team,
  stripe,
  signInAs,
  expectAccessible,
}) => {
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/general`)
  const card = page.getByRole("region", { name: "Billing details" })
  await card.getByLabel("City").fill("Berlin")
  await card.getByLabel("Kind of tax ID").selectOption("European Union: VAT")
  await card.getByRole("button", { name: "Save billing details" }).click()
  await expect(card.getByText("Choose the country of the address.")).toBeVisible()
  await expect(card.getByText("Enter the tax ID.")).toBeVisible()
  await card.getByLabel("Country").selectOption("Germany")
  await card.getByLabel("Tax ID", { exact: true }).fill("DE1")
  await card.getByLabel("Billing email").fill("books@example.com")
  await card.getByRole("button", { name: "Save billing details" }).click()
  await expect(card.getByText("This isn’t a valid tax ID of this kind.")).toBeVisible()
  await expectAccessible()
  await card.getByLabel("Tax ID", { exact: true }).fill("DE123456789")
  await card.getByRole("button", { name: "Save billing details" }).click()
  await expect
    .poll(() => db.billingDetails.findUnique({ where: { teamId: team.id } }))
    .toMatchObject({ email: "books@example.com", country: "DE", taxIdValue: "DE123456789" })
  const { id } = await db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  expect((await stripe.requests({ customer: id })).count).toBeGreaterThan(0)
})
