import { expect, test } from "./fixtures"

test("somebody is invited by mail, signs in with the link’s address in another browser, and is in the team", async ({
  page,
  browser,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  const email = `grace-${crypto.randomUUID()}@fabrikam.com`
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: "Invite" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Send invitation" }).click()
  await expect(dialog.getByText("Enter an email address.")).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("Email").fill(email.toUpperCase())
  await dialog.getByLabel("Admin").check()
  await dialog.getByRole("button", { name: "Send invitation" }).click()
  await expect(page.getByRole("listitem").filter({ hasText: email })).toBeVisible()
  await expectAccessible()

  const linkIn = async (subject: string) => {
    await expect
      .poll(() => db.outboxMail.count({ where: { recipient: email, subject: { contains: subject } } }))
      .toBeGreaterThan(0)
    const mail = await db.outboxMail.findFirstOrThrow({
      where: { recipient: email, subject: { contains: subject } },
      orderBy: { id: "desc" },
    })
    return /http\S+/.exec(mail.bodyText)?.[0] ?? ""
  }
  const theirs = await browser.newContext({ baseURL: process.env.E2E_APP_URL ?? "" })
  const theirPage = await theirs.newPage()
  await theirPage.goto(await linkIn(team.name))
  await expect(theirPage.getByRole("heading", { name: `Join ${team.name}` })).toBeVisible()
  await theirPage.getByRole("link", { name: "Sign in" }).click()
  await theirPage.getByLabel("Email").fill(email)
  await theirPage.getByRole("button", { name: "Email me a sign-in link" }).click()
  await expect(theirPage.getByRole("heading", { name: "Check your email" })).toBeVisible()
  await theirPage.goto(await linkIn("Sign in"))
  await theirPage.getByRole("button", { name: /^Sign in as/ }).click()
  await theirPage.getByRole("button", { name: "Join team" }).click()
  await expect(theirPage).toHaveURL(new RegExp(`/${team.slug}/settings/account/billing`))
  await theirPage.goto(`/${team.slug}/settings/members`)
  await expect(theirPage.getByRole("row", { name: /\(you\).*Admin/ })).toBeVisible()
  // The open page follows.
  await expect(page.getByRole("button", { name: `Manage ${email}` })).toBeVisible()
  await expect(page.getByRole("listitem").filter({ hasText: email })).toHaveCount(0)
  await theirs.close()
})

test("a team is joined by an allowed domain", async ({
  page,
  db,
  team,
  signInAs,
  signInInstead,
  expectAccessible,
}) => {
  const domain = `${crypto.randomUUID()}.example`
  await db.user.update({ where: { id: team.owner.userId }, data: { email: `ada@${domain}` } })
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/members`)
  await page.getByRole("button", { name: `Allow @${domain}` }).click()
  await expect(page.getByRole("button", { name: `Stop letting in @${domain}` })).toBeVisible()
  await expectAccessible()
  const { id: userId } = await db.user.create({ data: { email: `grace@${domain}` } })
  await signInInstead({ userId })
  await page.goto("/teams")
  await expectAccessible()
  await page.getByRole("button", { name: `Join ${team.name}` }).click()
  await expect(page).toHaveURL(new RegExp(`/${team.slug}/settings/account/billing`))
})
