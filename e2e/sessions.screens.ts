import { startTestSession } from "@/dev/testing/sessions"
import { DAY_MS } from "@/lib/clock"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
  "curl/8.5.0",
]

test("sessions", async ({ page, db, team, signInAs, shoot }) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  const { userId } = team.owner
  await signInAs(team.owner)
  const agent =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
  await db.session.updateMany({ where: { userId }, data: { userAgent: agent } })
  const path = `/${team.slug}/settings/sessions`
  await page.goto(path)
  await shoot("sessions-one")
  for (const [index, userAgent] of AGENTS.entries()) {
    await startTestSession(db, userId)
    const at = new Date(Date.now() - index * 9 * DAY_MS)
    const { id } = await db.session.findFirstOrThrow({ where: { userId }, orderBy: { id: "desc" } })
    await db.session.update({ where: { id }, data: { userAgent, createdAt: at, lastUsedAt: at } })
  }
  await page.goto(path)
  await shoot("sessions")
  await page.getByRole("button", { name: "Sign out Firefox on Windows" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await shoot("sessions-end")
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Sign out everywhere" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await shoot("sessions-everywhere")
  await page.keyboard.press("Escape")
  for (let n = 0; n < 50; n++) await startTestSession(db, userId)
  await db.user.update({
    where: { id: userId },
    data: { email: `${"long.address.".repeat(5)}${userId}@example.com` },
  })
  await db.team.update({ where: { id: team.id }, data: { name: LONG } })
  await page.goto(path)
  await shoot("sessions-long")
  await page.goto("/teams")
  await shoot("teams-with-sessions")
})

test("sessions without a team", async ({ page, db, team, signInAs, shoot }) => {
  const { id: userId } = await db.user.create({ data: { email: `alone-${team.slug}@example.com` } })
  await startTestSession(db, userId)
  await signInAs({ userId })
  await page.goto("/teams")
  await shoot("teams-none")
  await page.goto("/sessions")
  await shoot("sessions-without-team")
})
