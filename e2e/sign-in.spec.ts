import type { Page } from "@playwright/test"
import { SESSION_COOKIE } from "@/dev/testing/sessions"
import type { Db } from "@/lib/db/client"
import { expect, test } from "./fixtures"
import { hearNothing } from "./pages/watch-pages"

for (const [role, sees] of [
  ["Owner", "Purchase credits"],
  ["Admin", "Purchase credits"],
  ["Member", "Ask an Owner or Admin to add credits"],
] as const)
  test(`one click signs in as the demo's ${role}`, async ({ page, context }) => {
    await page.goto("/sign-in")
    await page.getByRole("button", { name: `Continue as ${role}` }).click()
    await expect(page).toHaveURL("/northwind/settings/account/billing")
    await expect(page.getByRole("main").getByText(sees)).toBeVisible()
    const cookie = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" })
  })

test("a link from the outbox signs in once and leads to where the person was going", async ({
  page,
  context,
  team,
  billingPath,
}) => {
  await page.goto(`${billingPath}?from=mail`)
  await page.getByLabel("Email").fill(` ${team.owner.email.toUpperCase()} `)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible()
  await page.getByRole("link", { name: "Open the demo outbox" }).click()

  const mail = page.locator("section", { hasText: team.owner.email })
  await expect(mail).toHaveCount(1)
  const link = (await mail.getByRole("link").getAttribute("href")) ?? ""
  await mail.getByRole("link").click()
  await page.getByRole("button", { name: `Sign in as ${team.owner.email}` }).click()
  await expect(page).toHaveURL(`${billingPath}?from=mail`)
  await expect(page.getByRole("heading", { name: "Billing" })).toBeVisible()
  const cookie = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" })

  await context.clearCookies()
  await page.goto(link)
  await expect(page.getByText("This sign-in link no longer works.")).toBeVisible()
  expect((await context.cookies()).filter(({ name }) => name === SESSION_COOKIE)).toEqual([])
})

test("a link that is older than 15 minutes is refused with its sentence", async ({ page, db, team }) => {
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(team.admin.email)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible()
  await db.verificationToken.updateMany({
    where: { identifier: team.admin.email },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  })
  const mail = await db.outboxMail.findFirstOrThrow({ where: { recipient: team.admin.email } })
  await page.goto(/https?:\/\/\S+/.exec(mail.bodyText)?.[0] ?? "")
  await expect(page.getByText("This sign-in link no longer works.")).toBeVisible()
})

/** Returns the link in the last mail to somebody. */
async function mailedLink(db: Db, email: string): Promise<string> {
  const mail = await db.outboxMail.findFirstOrThrow({
    where: { recipient: email },
    orderBy: { createdAt: "desc" },
  })
  return /https?:\/\/\S+/.exec(mail.bodyText)?.[0] ?? ""
}

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(email)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(page).toHaveURL(/\/sign-in\/check-your-email/)
}

test("a link that a scanner opened first still signs the person in, without a script too", async ({
  page,
  db,
  team,
  request,
  browser,
}) => {
  await askForLink(page, team.admin.email)
  const link = await mailedLink(db, team.admin.email)
  for (const method of ["HEAD", "GET", "GET"]) {
    const answer = await request.fetch(link, { method })
    expect([answer.status(), answer.headers()["set-cookie"] ?? ""]).toEqual([200, ""])
  }
  const token = new URL(link).searchParams.get("token") ?? ""
  const old = `/api/auth/callback/email?${new URLSearchParams({ token, email: team.admin.email, callbackUrl: "/" })}`
  expect((await request.get(old)).url()).toMatch(/\/sign-in\?error=Verification$/)
  expect(await db.session.count({ where: { userId: team.admin.userId } })).toBe(0)

  const plain = await browser.newContext({ javaScriptEnabled: false })
  const still = await plain.newPage()
  await still.goto(link)
  await still.getByRole("button", { name: `Sign in as ${team.admin.email}` }).click()
  await expect(still.getByRole("heading", { name: "Billing" })).toBeVisible()
  expect(await db.session.count({ where: { userId: team.admin.userId } })).toBe(1)
  await plain.close()
})

test("a link opened while somebody else is signed in says so before it changes who that is", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await askForLink(page, team.admin.email)
  const link = await mailedLink(db, team.admin.email)
  await signInAs(team.member)
  await page.goto(link)
  await expect(page.getByText(`You’re signed in as MEMBER of the test`)).toBeVisible()
  await expectAccessible()
  await page.getByRole("link", { name: /^Stay signed in as/ }).click()
  await expect(page.getByText("Ask an Owner or Admin to add credits")).toBeVisible()
  await page.goto(link)
  await page.getByRole("button", { name: `Sign in as ${team.admin.email}` }).click()
  await expect(page.getByRole("button", { name: "ADMIN of the test Admin" })).toBeVisible()
  expect(await db.session.count({ where: { userId: team.member.userId } })).toBe(0)
})

test("a person who signs in elsewhere while a link’s page is open is warned before the link is used", async ({
  page,
  context,
  db,
  team,
  signInAs,
}) => {
  await askForLink(page, team.admin.email)
  await page.goto(await mailedLink(db, team.admin.email))
  const button = page.getByRole("button", { name: `Sign in as ${team.admin.email}` })
  await expect(button).toBeVisible()
  await signInAs(team.member)
  const before = await context.cookies()
  await button.click()
  await expect(page.getByText(`You’re signed in as MEMBER of the test`)).toBeVisible()
  expect(await context.cookies()).toEqual(before)
  await button.click()
  await expect(page.getByRole("button", { name: "ADMIN of the test Admin" })).toBeVisible()
  expect(await db.session.count({ where: { userId: team.member.userId } })).toBe(0)
})

test("a link that was used ends the others that the address was sent", async ({
  page,
  context,
  db,
  team,
}) => {
  await askForLink(page, team.admin.email)
  const first = await mailedLink(db, team.admin.email)
  await askForLink(page, team.admin.email)
  await page.goto(await mailedLink(db, team.admin.email))
  await page.getByRole("button", { name: `Sign in as ${team.admin.email}` }).click()
  await expect(page.getByRole("heading", { name: "Billing" })).toBeVisible()
  await context.clearCookies()
  await page.goto(first)
  await expect(page.getByText("This sign-in link no longer works.")).toBeVisible()
})

test("a link never leads to another host", async ({ page, db, team }) => {
  await askForLink(page, team.admin.email)
  const link = new URL(await mailedLink(db, team.admin.email))
  link.searchParams.set("next", "//evil.example/phish")
  await page.goto(link.href)
  await page.getByRole("button", { name: `Sign in as ${team.admin.email}` }).click()
  await expect(page).toHaveURL(`/${team.slug}/settings/account/billing`)
})

test("a session that ended under a dialog leads to sign-in, and back to page, query and dialog", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  await hearNothing(page, watched)
  await signInAs(team.owner)
  await page.goto(`${billingPath}?from=here`)
  await page.getByRole("button", { name: /^purchase credits$/i }).click()
  const dialog = page.getByRole("dialog", { name: "Purchase Credits" })
  await expect(dialog).toBeVisible()
  await db.session.deleteMany({ where: { userId: team.owner.userId } })
  await dialog.getByRole("button", { name: "Purchase $10.00" }).click()
  const here = `${billingPath}?from=here&dialog=purchase`
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(here)}`)
  await page.getByLabel("Email").fill(team.owner.email)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(page).toHaveURL(/\/sign-in\/check-your-email/)
  await page.goto(await mailedLink(db, team.owner.email))
  await page.getByRole("button", { name: `Sign in as ${team.owner.email}` }).click()
  await expect(dialog).toBeVisible()
  await expect(page).toHaveURL(here)
})

test("a failed sign-in is one plain sentence, whatever code the address carries", async ({ page }) => {
  const sentences = [
    ["Verification", "This sign-in link no longer works."],
    ["OAuthAccountNotLinked", "This email address signs in another way."],
    ["AccessDenied", "its email address is not verified."],
    ["Configuration", "Signing in didn’t work. Try again."],
    ["<script>alert(1)</script>", "Signing in didn’t work. Try again."],
    ["toString", "Signing in didn’t work. Try again."],
    ["__proto__", "Signing in didn’t work. Try again."],
  ] as const
  for (const [code, sentence] of sentences) {
    const response = await page.goto(`/sign-in?error=${encodeURIComponent(code)}`)
    expect(response?.status()).toBe(200)
    await expect(page.getByText(sentence)).toBeVisible()
  }
})

test("a person without a team creates one and is its Owner", async ({ page, db }) => {
  const email = `${crypto.randomUUID()}@example.com`
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(email)
  await page.getByRole("button", { name: "Email me a sign-in link" }).click()
  await page.getByRole("link", { name: "Open the demo outbox" }).click()
  await page.locator("section", { hasText: email }).getByRole("link").click()
  await page.getByRole("button", { name: `Sign in as ${email}` }).click()

  await expect(page.getByRole("heading", { name: "Create your team" })).toBeVisible()
  await page.getByLabel("Team name").fill("   ")
  await page.getByRole("button", { name: "Create team" }).click()
  await expect(page.getByText("Enter a name of 1 to 60 characters.")).toBeVisible()
  await page.getByLabel("Team name").fill("Ünïcode & Söhne <b>")
  await page.getByRole("button", { name: "Create team" }).click()
  await expect(page.getByText("No credits yet")).toBeVisible()
  await expect(page.getByRole("banner")).toContainText("Ünïcode & Söhne <b>")
  const user = await db.user.findUniqueOrThrow({ where: { email } })
  expect(await db.member.findMany({ where: { userId: user.id } })).toMatchObject([{ role: "OWNER" }])
})

test("signing out ends the session in the database, so that the old cookie opens nothing", async ({
  page,
  context,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  const before = await context.cookies()
  await page.goto(billingPath)
  await page.getByRole("button", { name: "OWNER of the test Owner" }).click()
  await page.getByRole("button", { name: "Sign out" }).click()
  await expect(page).toHaveURL("/sign-in")
  expect(await db.session.count({ where: { userId: team.owner.userId } })).toBe(0)

  await context.addCookies(before)
  await page.goto(billingPath)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})
