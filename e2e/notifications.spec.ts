import { createTestApiKey } from "@/dev/testing/api-keys"
import { giveCredits } from "@/dev/testing/pools"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect, test } from "./fixtures"
import { MeteringClient } from "./metering-client"
import { bell, bellPanel, tell } from "./pages/bell"

test("a balance that runs low appears at the bell of an open page by itself, and leads to where credits are added", async ({
  page,
  request,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  await giveCredits(db, team, team.owner, 6n * NANOS_PER_USD)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(bell(page)).toHaveAccessibleName("Notifications")
  await bell(page).click()
  await expect(bellPanel(page)).toContainText("Nothing yet.")
  await page.keyboard.press("Escape")
  const program = new MeteringClient(request, (await createTestApiKey(db, team)).apiKey)
  // The plan's allowance and included credits, and $2.00 more.
  expect((await program.report({ consumable: "sms", quantity: 2_300 })).status).toBe(200)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread")
  await bell(page).click()
  await expect(bellPanel(page)).toContainText("The balance of OWNER of the test is low: $4.00")
  await expectAccessible()
  await bellPanel(page).getByRole("link", { name: "The balance of OWNER" }).click()
  await expect(page).toHaveURL(/billing\?pool=pool_/)
  await expect(bell(page)).toHaveAccessibleName("Notifications")
  await page.reload()
  await expect(bell(page)).toHaveAccessibleName("Notifications")
})

test("an event reaches an open page within a second", async ({ page, db, team, billingPath, signInAs }) => {
  await signInAs(team.admin)
  const listening = page.waitForResponse((answer) => answer.url().endsWith("/live"))
  await page.goto(billingPath)
  await listening
  const took: number[] = []
  for (let n = 1; n <= 5; n++) {
    // Pages refresh at most once a second.
    await page.waitForTimeout(1_100)
    const beganAt = performance.now()
    await tell(db, team)
    await expect(bell(page)).toHaveAccessibleName(`Notifications, ${n} unread`)
    took.push(performance.now() - beganAt)
  }
  took.sort((a, b) => a - b)
  expect(took[2]).toBeLessThan(1_000)
})

test("everything can be marked as read, by each for themselves", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  for (let n = 0; n < 120; n++) await tell(db, team)
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 99+ unread")
  await bell(page).click()
  await bellPanel(page).getByRole("button", { name: "Mark all as read" }).click()
  await expect(bell(page)).toHaveAccessibleName("Notifications")
  await signInAs(team.admin)
  await page.goto(billingPath)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 99+ unread")
})

test("a Member is told of the own pool only, and not of money", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await tell(db, team, { poolId: team.owner.poolId })
  await tell(db, team, { poolId: team.member.poolId, data: { balance: "1.00", threshold: "5.00" } })
  await tell(db, team, {
    type: "credit_auto_recharge_triggered" as never,
    data: { amount: "77.00", balance: "80.00", purchase_id: "pur_x" } as never,
  })
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread")
  await bell(page).click()
  await expect(bellPanel(page).getByRole("listitem")).toHaveCount(1)
  await expect(bellPanel(page)).toContainText("is low: $1.00")
  expect(await page.content()).not.toContain("77.00")
})

test("each chooses what they are told, and what can't be silenced has nothing to press", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await tell(db, team)
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/notifications`)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread")
  const low = page.getByRole("group", { name: "Low balance" })
  await expect(low.getByRole("checkbox", { name: "By email" })).toBeChecked()
  await expect(page.getByRole("group", { name: "Purchase" }).getByLabel("By email")).not.toBeChecked()
  await expect(page.getByRole("group", { name: "Payment failed" }).getByRole("checkbox")).toHaveCount(0)
  await expectAccessible()
  await low.getByRole("checkbox", { name: "In the app" }).click()
  await expect(page.getByRole("status").getByText("Low balance, in the app: off.")).toBeAttached()
  await page.reload()
  await expect(low.getByRole("checkbox", { name: "In the app" })).not.toBeChecked()
  await expect(bell(page)).toHaveAccessibleName("Notifications")
  await signInAs(team.member)
  await page.reload()
  await expect(page.getByRole("group")).toHaveCount(4)
  await expect(low.getByRole("checkbox", { name: "In the app" })).toBeChecked()
})

test("the link in a mail stops mails like it without signing in, after it has said what it does", async ({
  page,
  request,
  db,
  team,
  expectAccessible,
}) => {
  await tell(db, team, { poolId: team.member.poolId })
  const { email } = team.member
  const mail = () => db.outboxMail.findFirst({ where: { recipient: email } })
  // Two jobs of the worker lie between, which yields to pages where processors are short.
  await expect.poll(mail, { timeout: 30_000 }).not.toBeNull()
  const link = /(\S+\/api\/unsubscribe\?token=\S+)/.exec((await mail())?.bodyText ?? "")?.[1] ?? ""
  await page.goto(link)
  await expect(page.getByRole("heading", { name: "Stop emails about “Low balance”?" })).toBeVisible()
  await expectAccessible()
  const preference = () => db.notificationPreference.findFirst({ where: { teamId: team.id } })
  expect(await preference()).toBeNull()
  await page.getByRole("button", { name: "Stop these emails" }).click()
  await expect(page.getByRole("heading", { name: "You won’t get these emails any more" })).toBeVisible()
  expect(await preference()).toMatchObject({
    memberId: team.member.memberId,
    channel: "email",
    enabled: false,
  })
  expect((await request.post(link.slice(0, -1), { maxRedirects: 0 })).status()).toBe(400)
  await page.goto("/unsubscribe?token=nothing")
  await expect(page.getByRole("heading", { name: "This link isn’t valid" })).toBeVisible()
})

test("the stream of changes is for members, says nothing, and ends when they have left", async ({
  db,
  team,
  baseURL,
}) => {
  const url = `${baseURL}/api/teams/${team.slug}/live`
  expect((await fetch(url)).status).toBe(204)
  const open = async (userId: string, signal?: AbortSignal) => {
    const cookie = `${SESSION_COOKIE}=${await startTestSession(db, userId)}`
    return fetch(url, { headers: { cookie }, ...(signal ? { signal } : {}) })
  }
  const stranger = await db.user.create({ data: { email: `${crypto.randomUUID()}@example.com` } })
  expect((await open(stranger.id)).status).toBe(204)

  const answer = await open(team.member.userId)
  expect(answer.headers.get("content-type")).toContain("text/event-stream")
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  let heard = ""
  const hear = async (text: string) => {
    while (!heard.includes(text)) {
      const { value, done } = await reader.read()
      if (done) return "ended"
      heard += decoder.decode(value)
    }
    return "heard"
  }
  expect(await hear("event: hello")).toBe("heard")
  await tell(db, team, { data: { balance: "3.21", threshold: "5.00" } })
  expect(await hear("data: changed")).toBe("heard")
  expect(heard).not.toContain("3.21")
  await db.member.updateMany({ where: { id: team.member.memberId }, data: { removedAt: new Date() } })
  await tell(db, team)
  // Earlier events may still be on their way.
  let outcome = "heard"
  for (let each = 0; each < 5 && outcome === "heard"; each++) {
    heard = ""
    outcome = await hear("data: changed")
  }
  expect(outcome).toBe("ended")
})
