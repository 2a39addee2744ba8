import { addCard } from "@/dev/testing/payment-methods"
import { methodWorld } from "./pages/payment-methods-page"
import { test } from "./pages/shoot"

test("approval: the rule, a change that is about to wait, one that waits, one to answer", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  signInInstead,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await addCard(methodWorld(db), team)
  await signInAs(team.owner)
  await page.goto(billingPath)
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Require approval" }).click()
  await dialog.getByLabel("Require approval").check()
  await dialog.getByLabel("Above").fill("300")
  await shoot("approval-rule")
  await dialog.getByRole("button", { name: "Save" }).click()
  await page.getByRole("button", { name: "Approval rule" }).click()
  await dialog.getByLabel("Require approval").uncheck()
  await shoot("approval-rule-off")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Enable auto top-up" }).click()
  await dialog.getByRole("switch").click()
  await dialog.getByLabel("Monthly cap").fill("500")
  await shoot("approval-about-to-wait")
  await dialog.getByRole("button", { name: "Ask for approval" }).click()
  await page.getByRole("button", { name: "Withdraw" }).waitFor()
  await shoot("approval-waits")
  await signInInstead(team.admin)
  await page.goto(billingPath)
  await shoot("approval-to-answer")
})
