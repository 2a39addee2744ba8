import { Webhook } from "standardwebhooks"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { answering, startReceiver } from "@/dev/testing/servers/receiver"
import { createTestTeam } from "@/dev/testing/teams"
import { newId, toPublicId } from "@/lib/ids"
import { LIMITS } from "@/lib/webhooks/limits"
import { expect, test } from "./fixtures"
import { tell } from "./pages/bell"

test("an Admin adds an endpoint, verifies what comes with the secret shown once, and sends again", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  const receiver = await startReceiver(answering(200, {}, "thanks"))
  await signInAs(team.admin)
  await page.goto(`/${team.slug}/settings/webhooks`)
  await expect(page.getByRole("main")).toContainText("No endpoints yet")
  await expectAccessible()
  await page.getByRole("button", { name: "Add endpoint" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  await expect(dialog.getByText("Enter an address.")).toBeVisible()
  await dialog.getByLabel("Address").fill("http://10.0.0.1/hooks")
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  await expect(dialog.getByText("Use https.")).toBeVisible()
  await expect(dialog.getByLabel("Address")).toBeFocused()
  await expectAccessible()
  await dialog.getByLabel("Address").fill(receiver.url)
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  const secret = (await dialog.getByText(/^whsec_/).textContent()) ?? ""
  await dialog.getByRole("button", { name: "Done" }).click()
  await expect(dialog).toHaveCount(0)
  expect(await page.content()).not.toContain(secret.slice(6))

  await page.getByRole("link", { name: receiver.url }).click()
  await page.getByRole("button", { name: "Send test event" }).click()
  const delivery = page.getByRole("region", { name: "Deliveries" }).getByRole("listitem").first()
  await expect(delivery).toContainText("Delivered", { timeout: 15_000 })
  const [first] = receiver.received
  const headers = Object.fromEntries(
    Object.entries(first?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  )
  expect(new Webhook(secret).verify(first?.body ?? "", headers)).toMatchObject({ type: "test" })

  await tell(db, team)
  const low = page.getByRole("listitem").filter({ hasText: "credit_balance_low" })
  await expect(low).toContainText("Delivered", { timeout: 15_000 })
  await low.locator("summary").click()
  await expect(low).toContainText("thanks")
  await expect(low).toContainText('"balance": "4.20"')
  await expectAccessible()
  await low.getByRole("button", { name: "Redeliver" }).click()
  await expect(low).toContainText("2 attempts", { timeout: 15_000 })
  expect(receiver.received.at(-1)?.headers["webhook-id"]).toBe(
    receiver.received.at(-2)?.headers["webhook-id"],
  )

  await page.getByRole("button", { name: "Replace signing secret" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Replace secret" }).click()
  const second =
    (await page
      .getByRole("dialog")
      .getByText(/^whsec_/)
      .textContent()) ?? ""
  expect(second).not.toBe(secret)
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click()
  await expect(page.getByRole("main")).toContainText("signed with both secrets")

  await page.getByRole("button", { name: "Turn off" }).click()
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible()
  await expect(page.getByRole("button", { name: "Send test event" })).toHaveCount(0)
  await page.getByRole("button", { name: "Remove" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove endpoint" }).click()
  await expect(page).toHaveURL(/settings\/webhooks$/)
  await expect(page.getByRole("main")).toContainText("No endpoints yet")
  await receiver.stop()
})

test("an endpoint that fails says so, with what it answered and when it is tried again", async ({
  page,
  db,
  team,
  signInAs,
}) => {
  const receiver = await startReceiver(answering(500, {}, "broken"))
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/webhooks`)
  await page.getByRole("button", { name: "Add endpoint" }).click()
  await page.getByRole("dialog").getByLabel("Address").fill(receiver.url)
  await page.getByRole("dialog").getByRole("button", { name: "Add endpoint" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click()
  await page.getByRole("link", { name: receiver.url }).click()
  await tell(db, team)
  const low = page.getByRole("listitem").filter({ hasText: "credit_balance_low" })
  await expect(low).toContainText("last response 500", { timeout: 15_000 })
  await expect(low).toContainText("next try")
  await expect(page.getByRole("main")).toContainText("Nothing has reached it since")
  receiver.answerWith(answering(204))
  await expect(low).toContainText("Delivered", { timeout: 20_000 })
  await receiver.stop()
})

test("the Owner sees at a glance what a person who has left the team had made, and who made the rest", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  const endpoint = (host: string, createdByMemberId: string) => ({
    teamId: team.id,
    id: newId(),
    url: `https://${host}/hooks`,
    types: ["credit_balance_low"],
    secret: "unread",
    createdByMemberId,
    createdAt: new Date(),
  })
  const left = endpoint("left.example", team.admin.memberId)
  await db.webhookEndpoint.createMany({ data: [left, endpoint("ours.example", team.owner.memberId)] })
  await createTestApiKey(db, team, { by: team.admin, name: "Production" })
  await createTestApiKey(db, team, { name: "Ours" })
  await signInAs(team.owner)
  const settings = `/${team.slug}/settings`
  await page.goto(`${settings}/webhooks`)
  const main = page.getByRole("main")
  await expect(page.getByRole("link", { name: "left.example" })).toContainText("created by ADMIN of the test")
  await expect(main).not.toContainText("who left the team")
  await page.goto(`${settings}/api-keys`)
  await expect(main).not.toContainText("who left the team")

  await db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
  await page.reload()
  await expect(main).toContainText("Made by people who left the team")
  const notice = (text: string) => main.locator("p", { hasText: text })
  await expect(notice("Production")).toHaveText("Production")
  await expectAccessible()
  await page.goto(`${settings}/webhooks`)
  await expect(main).toContainText("Made by people who left the team")
  await expect(notice("left.example")).toHaveText("left.example")
  await expectAccessible()
  await page.getByRole("link", { name: "left.example" }).click()
  await expect(main).toContainText("by ADMIN of the test, who left the team")
})

test("a person who sends too many events by hand is told the limit, and when to try again", async ({
  page,
  db,
  team,
  signInAs,
}) => {
  const id = newId()
  const endpoint = { url: "https://example.com/hooks", types: ["credit_balance_low"], secret: "unread" }
  const made = { createdByMemberId: team.owner.memberId, createdAt: new Date() }
  await db.webhookEndpoint.create({ data: { teamId: team.id, id, ...endpoint, ...made } })
  const { limit, windowMs, sentence } = LIMITS["send-by-hand"]
  // This window and the next, whichever it is by then.
  const windows = [0, windowMs].map((ms) => new Date(Math.floor(Date.now() / windowMs) * windowMs + ms))
  const subject = `webhooks:send-by-hand:${team.id}`
  await db.rateLimit.createMany({
    data: windows.map((windowStart) => ({ subject, windowStart, attempts: limit })),
  })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/webhooks/${toPublicId("whe", id)}`)
  await page.getByRole("button", { name: "Send test event" }).click()
  await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible()
  expect(await db.webhookDelivery.count({ where: { teamId: team.id } })).toBe(0)
})

test("webhooks don't exist for a Member, nor another team's", async ({
  page,
  db,
  team,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  await signInAs(team.member)
  await page.goto(`/${team.slug}/settings/webhooks`)
  await expect(page.getByRole("heading", { level: 1 })).toContainText("doesn’t exist")
  const other = await createTestTeam(db)
  await signInAs(other.owner)
  await page.goto(`/${team.slug}/settings/webhooks`)
  await expect(page.getByRole("heading", { level: 1 })).toContainText("doesn’t exist")
})
