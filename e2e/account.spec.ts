import { expect, test } from "./fixtures"

test("a person changes name, looks and address, and the pages follow at once", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await signInAs(team.member)
  await page.goto(`/${team.slug}/settings/profile`)
  await page.getByLabel("Name").fill("  Lin Zhou ")
  await page.getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("button", { name: /Lin Zhou/ })).toBeVisible()
  await expectAccessible()

  await page.emulateMedia({ colorScheme: "light" })
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.getByLabel("Theme").selectOption("Dark")
  await expect.poll(background).not.toBe(light)
  // The first byte of every page knows, so that none flashes.
  const html = await (await page.request.get(`/${team.slug}/settings/sessions`)).text()
  expect(html).toContain('<html data-theme="dark"')
  await page.getByLabel("Language of dates").selectOption("Deutsch")
  await page.getByLabel("Time zone").selectOption("Pacific/Auckland")
  await expect
    .poll(() => db.user.findUnique({ where: { id: team.member.userId } }))
    .toMatchObject({ theme: "dark", dateLanguage: "de", timeZone: "Pacific/Auckland" })
  await page.goto(`/${team.slug}/settings/sessions`)
  await expect(page.getByRole("table", { name: "Sessions" })).toContainText("heute")

  const wanted = `${crypto.randomUUID()}@example.com`
  await page.goto(`/${team.slug}/settings/profile`)
  await page.getByLabel("Email").fill("no address")
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("Enter one email address.")).toBeVisible()
  await page.getByLabel("Email").fill(wanted)
  await page.getByRole("button", { name: "Change" }).click()
  await expect(page.getByText("Confirm your new address")).toBeVisible()
  await expectAccessible()
  const mail = await db.outboxMail.findFirstOrThrow({ where: { recipient: wanted } })
  const link = /\/account\/email\?token=\S+/.exec(mail.bodyText)?.[0] ?? ""
  await page.goto(link)
  await expectAccessible()
  await page.getByRole("button", { name: "Change address" }).click()
  await expect(page.getByRole("heading", { name: "Address changed" })).toBeVisible()
  await expect.poll(() => db.outboxMail.count({ where: { recipient: team.member.email } })).toBe(1)
  await page.goto(link)
  await expect(page.getByRole("heading", { name: "This link doesn’t work any more" })).toBeVisible()
})

test("a Member deletes the account, and an Owner is told which team stands in the way", async ({
  page,
  db,
  team,
  signInAs,
  signInInstead,
  expectAccessible,
}) => {
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/profile`)
  await expect(page.getByText(`You own “${team.name}”.`)).toBeVisible()
  await expect(page.getByRole("button", { name: "Delete account" })).toHaveCount(0)
  await signInInstead(team.member)
  await page.goto(`/${team.slug}/settings/profile`)
  await page.getByRole("button", { name: "Delete account" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Delete account" }).click()
  await expect(dialog.getByText(`Type “${team.member.email}” to confirm.`)).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("Your email address").fill(team.member.email)
  await dialog.getByRole("button", { name: "Delete account" }).click()
  // With or without the way back: the open page hears that its session has ended.
  await expect(page).toHaveURL(/\/sign-in/)
  expect(await db.user.count({ where: { id: team.member.userId } })).toBe(0)
})
