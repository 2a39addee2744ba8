import { addCard } from "@/dev/testing/payment-methods"
import { expect, test } from "./fixtures"
import { methodWorld } from "./pages/payment-methods-page"

test("a higher cap waits for a second person, who approves it, and the rule is loosened the same way", async ({
  page,
  db,
  team,
  billingPath,
  signInInstead,
  expectAccessible,
}) => {
  await addCard(methodWorld(db), team)
  const as = async (person: typeof team.owner) => {
    await signInInstead(person)
    await page.goto(billingPath)
  }
  const cap = async () => (await db.spendCap.findUniqueOrThrow({ where: { teamId: team.id } })).capNanos
  await as(team.owner)
  await page.getByRole("button", { name: "Require approval" }).click()
  const dialog = page.getByRole("dialog")
  // The bell says it too.
  const main = page.getByRole("main")
  await dialog.getByLabel("Require approval").check()
  await dialog.getByLabel("Above").fill("300")
  await expectAccessible()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("button", { name: "Approval rule" })).toBeVisible()

  await page.getByRole("button", { name: "Enable auto top-up" }).click()
  await dialog.getByRole("switch").click()
  await dialog.getByLabel("Monthly cap").fill("500")
  await dialog.getByRole("button", { name: "Ask for approval" }).click()
  await expect(main.getByText("Waits for another Owner or Admin")).toBeVisible()
  await expect(main.getByText("Monthly cap: $200.00 → $500.00")).toBeVisible()
  await expect(page.getByRole("button", { name: "Withdraw" })).toBeVisible()
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0)
  expect(await cap()).toBe(200_000_000_000n)

  await as(team.admin)
  await expect(main.getByText("OWNER of the test asks for your approval")).toBeVisible()
  await expectAccessible()
  await page.getByRole("button", { name: "Approve", exact: true }).click()
  await expect(main.getByText("asks for your approval")).toHaveCount(0)
  expect(await cap()).toBe(500_000_000_000n)
  const where = { teamId: team.id, poolId: team.owner.poolId }
  expect(await db.autoTopUpSettings.findFirst({ where })).toMatchObject({ enabled: true, version: 1 })

  await page.getByRole("button", { name: "Approval rule" }).click()
  await dialog.getByLabel("Require approval").uncheck()
  await dialog.getByRole("button", { name: "Ask for approval" }).click()
  await expect(main.getByText("Approval: no longer required")).toBeVisible()
  await as(team.owner)
  await page.getByRole("button", { name: "Decline" }).click()
  await expect(main.getByText("Approval: no longer required")).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Approval rule" })).toBeVisible()
})
