import type { Page } from "@playwright/test"
import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { expect, required, test } from "./fixtures"

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

const row = (page: Page, name: string) =>
  page.getByRole("table", { name: "Sessions" }).getByRole("row", { name })

test("a person sees where they are signed in, and signs out another browser, whose open page leads to sign-in", async ({
  page,
  browser,
  db,
  team,
  billingPath,
  signInAs,
  expectAccessible,
}) => {
  const token = await startTestSession(db, team.member.userId)
  await db.session.updateMany({ where: { userId: team.member.userId }, data: { userAgent: FIREFOX } })
  const elsewhere = await browser.newContext({ baseURL: required("E2E_APP_URL") })
  await elsewhere.addCookies([{ name: SESSION_COOKIE, value: token, url: required("E2E_APP_URL") }])
  const otherPage = await elsewhere.newPage()
  await otherPage.goto(billingPath)
  await expect(otherPage.getByText("Ask an Owner or Admin to add credits")).toBeVisible()

  await signInAs(team.member)
  await page.goto(billingPath)
  await page.getByRole("link", { name: "Sessions" }).click()
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible()
  await expect(row(page, "This browser")).toBeVisible()
  await expect(row(page, "Firefox on Windows")).toContainText("today")
  await expectAccessible()

  await page.getByRole("button", { name: "Sign out Firefox on Windows" }).click()
  const dialog = page.getByRole("dialog", { name: "Sign out Firefox on Windows?" })
  await expect(dialog).toContainText("Signed in today")
  await dialog.getByRole("button", { name: "Sign out" }).click()
  await expect(page.getByRole("status").getByText("Firefox on Windows is signed out.")).toBeAttached()
  await expect(page.getByText("You’re not signed in anywhere else.")).toBeVisible()
  await expect(row(page, "Firefox on Windows")).toHaveCount(0)
  // Its stream ends, reconnects two seconds later and is refused, and the page asks.
  await expect(otherPage).toHaveURL(`/sign-in?next=${encodeURIComponent(billingPath)}`, { timeout: 20_000 })
  await elsewhere.close()
})

test("signing out everywhere ends this session too, so that a copy of its cookie opens nothing", async ({
  page,
  context,
  db,
  team,
  signInAs,
}) => {
  const path = `/${team.slug}/settings/sessions`
  await startTestSession(db, team.owner.userId)
  await startTestSession(db, team.admin.userId)
  await signInAs(team.owner)
  const copied = await context.cookies()
  await page.goto(path)
  await page.getByRole("button", { name: "Sign out everywhere" }).click()
  const dialog = page.getByRole("dialog", { name: "Sign out everywhere?" })
  await dialog.getByRole("button", { name: "Sign out everywhere, here too" }).click()
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(path)}`)
  expect((await context.cookies()).filter(({ name }) => name === SESSION_COOKIE)).toEqual([])
  expect(await db.session.count({ where: { userId: team.owner.userId } })).toBe(0)
  expect(await db.session.count({ where: { userId: team.admin.userId } })).toBe(1)
  await context.addCookies(copied)
  await page.goto(path)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})

test("nobody ends the session of somebody else, of their own team or not", async ({ db, team }) => {
  await startTestSession(db, team.owner.userId)
  const owners = { userId: team.owner.userId }
  const { id } = await db.session.findFirstOrThrow({ where: owners })
  const action = await requireServerAction("endSession")
  const path = `/${team.slug}/settings/sessions`
  const session = await startTestSession(db, team.admin.userId)
  for (const sessionId of [toPublicId("ses", id), id, toPublicId("key", id), "", { not: "" }]) {
    const answer = await callServerAction(action, { path, session, args: [{ sessionId }] })
    expect(answer.value).toMatchObject({ ok: false })
  }
  expect(await db.session.count({ where: owners })).toBe(1)
})

test("without a session nobody ends any", async ({ db, team }) => {
  await startTestSession(db, team.owner.userId)
  const owners = { userId: team.owner.userId }
  const { id } = await db.session.findFirstOrThrow({ where: owners })
  for (const [name, input] of [
    ["endSession", { sessionId: toPublicId("ses", id) }],
    ["signOutEverywhere", {}],
  ] as const) {
    const answer = await callServerAction(await requireServerAction(name), { path: "/teams", args: [input] })
    expect(answer.value, name).toMatchObject({ ok: false, code: "sign_in_required" })
  }
  expect(await db.session.count({ where: owners })).toBe(1)
})

test("a person without a team sees and ends their sessions too", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await page.goto("/sessions")
  await expect(page).toHaveURL("/sign-in?next=/sessions")
  const { id: userId } = await db.user.create({ data: { email: `alone-${team.slug}@example.com` } })
  await startTestSession(db, userId)
  await db.session.updateMany({ where: { userId }, data: { userAgent: FIREFOX } })
  await signInAs({ userId })
  await page.goto("/teams")
  await expect(page.getByRole("heading", { name: "Create your team" })).toBeVisible()
  await page.getByRole("link", { name: "Sessions" }).click()
  await expect(page).toHaveURL("/sessions")
  await expectAccessible()
  await page.getByRole("button", { name: "Sign out Firefox on Windows" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click()
  await expect(page.getByText("You’re not signed in anywhere else.")).toBeVisible()
  expect(await db.session.count({ where: { userId } })).toBe(1)
  await page.getByRole("button", { name: "Sign out everywhere" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere, here too" }).click()
  await expect(page).toHaveURL("/sign-in?next=/sessions")
  expect(await db.session.count({ where: { userId } })).toBe(0)
})

test("opening a page prolongs a session", async ({ page, db, team, billingPath, signInAs }) => {
  await signInAs(team.member)
  const where = { userId: team.member.userId }
  const began = new Date(Date.now() - 20 * DAY_MS)
  await db.session.updateMany({ where, data: { createdAt: began, lastUsedAt: began } })
  await page.request.get(billingPath)
  const { lastUsedAt, expiresAt } = await db.session.findFirstOrThrow({ where })
  expect(lastUsedAt.getTime()).toBeGreaterThan(Date.now() - DAY_MS)
  expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * DAY_MS)
})

test("an old session shows its last day, and fifty are enough", async ({ page, db, team, signInAs }) => {
  const used = new Date("2026-03-05T12:00:00Z")
  for (let n = 0; n < 50; n++) await startTestSession(db, team.owner.userId)
  await db.session.updateMany({
    where: { userId: team.owner.userId },
    data: { lastUsedAt: used, userAgent: `<b>${FIREFOX}</b>` },
  })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/sessions`)
  await expect(row(page, "Firefox on Windows").first()).toContainText("5 Mar")
  await expect(page.getByRole("row")).toHaveCount(51)
  await expect(page.getByText("Older sessions aren’t shown.")).toBeVisible()
})
