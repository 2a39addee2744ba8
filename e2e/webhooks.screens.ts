import { createTestApiKey } from "@/dev/testing/api-keys"
import { answering, startReceiver } from "@/dev/testing/servers/receiver"
import { newId, toPublicId } from "@/lib/ids"
import { expect } from "./fixtures"
import { tell } from "./pages/bell"
import { test } from "./pages/shoot"

test("webhooks: none, adding, the secret, and what was sent", async ({ page, db, team, signInAs, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  const receiver = await startReceiver(answering(200, {}, '{"received":true}'))
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/webhooks`)
  await shoot("webhooks-none")
  await page.getByRole("button", { name: "Add endpoint" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Address").fill("https://localhost.")
  await dialog.getByLabel("Address").fill("http://example.com")
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  await expect(dialog.getByText("Use https.")).toBeVisible()
  await shoot("webhooks-add-error")
  await dialog.getByLabel("Address").fill(receiver.url)
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  await expect(dialog.getByText(/^whsec_/)).toBeVisible()
  await shoot("webhooks-secret")
  await dialog.getByRole("button", { name: "Done" }).click()
  await page.getByRole("link", { name: receiver.url }).click()
  await shoot("endpoint-empty")
  await tell(db, team)
  const first = page.getByRole("listitem").filter({ hasText: "credit_balance_low" }).first()
  await expect(first).toContainText("Delivered", { timeout: 15_000 })
  receiver.answerWith(answering(500, {}, "broken"))
  await page.getByRole("button", { name: "Send test event" }).click()
  await expect(page.getByRole("listitem").filter({ hasText: "test" })).toContainText("500", {
    timeout: 15_000,
  })
  await first.locator("summary").click()
  await page.reload()
  await first.locator("summary").click()
  await shoot("endpoint-deliveries")
  await page.getByRole("button", { name: "Replace signing secret" }).click()
  await shoot("endpoint-replace")
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Change events" }).click()
  await shoot("endpoint-events")
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click()
  await page.goto(`/${team.slug}/settings/webhooks`)
  await shoot("webhooks-list")
  const endpoint = {
    url: "https://hooks.example.com/credits",
    types: ["credit_balance_low"],
    secret: "unread",
  }
  const id = newId()
  const made = { createdByMemberId: team.admin.memberId, createdAt: new Date(), failures: 3 }
  await db.webhookEndpoint.create({ data: { teamId: team.id, id, ...endpoint, ...made } })
  await createTestApiKey(db, team, { by: team.admin, name: "Production" })
  await db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
  await page.reload()
  await shoot("webhooks-left-behind")
  await page.goto(`/${team.slug}/settings/webhooks/${toPublicId("whe", id)}`)
  await shoot("endpoint-slow")
  await page.goto(`/${team.slug}/settings/api-keys`)
  await shoot("api-keys-left-behind")
  await receiver.stop()
})
