import { createTestApiKey, fillApiKeys } from "@/dev/testing/api-keys"
import type { TestTeam } from "@/dev/testing/teams"
import { parseApiKey } from "@/lib/api-keys/key-text"
import { API_KEY_LIMIT_SENTENCE, MAX_ACTIVE_API_KEYS } from "@/lib/api-keys/schema"
import { DAY_MS } from "@/lib/clock"
import { endOfUtcDay, utcDayOf } from "@/lib/utc-day"
import { expect, test } from "./fixtures"

const pathOf = (team: TestTeam) => `/${team.slug}/settings/api-keys`

for (const role of ["owner", "admin"] as const)
  test(`the ${role} finds the page, creates a key, copies it once, and revokes it`, async ({
    page,
    context,
    db,
    team,
    billingPath,
    signInAs,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"])
    await signInAs(team[role])
    await page.goto(billingPath)
    await page.getByRole("navigation").getByRole("link", { name: "API keys" }).click()
    await expect(page).toHaveURL(pathOf(team))
    await expect(page).toHaveTitle("API keys · Credits")
    await expect(page.getByRole("link", { name: "API keys" })).toHaveAttribute("aria-current", "page")
    await expect(page.getByRole("link", { name: "Billing" })).not.toHaveAttribute("aria-current")
    await expect(page.getByText("No API keys yet")).toBeVisible()

    await page.getByRole("button", { name: "Create key" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Name").fill("  Production ")
    await dialog.getByLabel("Run agents").check()
    await dialog.getByText("Report usage").click()
    // Twice in one turn: the second press of a slower double click may land on what has taken the button's place.
    await dialog.getByRole("button", { name: "Create key" }).evaluate((button: HTMLElement) => {
      button.click()
      button.click()
    })
    await expect(dialog).toContainText("It won’t be shown again.")
    await expect(dialog.getByRole("button", { name: "Copy key" })).toBeFocused()
    await page.mouse.click(5, 5)
    await dialog.getByRole("button", { name: "Copy key" }).click()
    await expect(dialog.getByText("The key is copied.")).toBeAttached()
    const apiKey = await page.evaluate(() => navigator.clipboard.readText())
    await expect(dialog).toContainText(apiKey)
    const parsed = parseApiKey(apiKey)
    if (!parsed) throw new Error("What is shown is a key")
    const rows = await db.apiKey.findMany({ where: { teamId: team.id } })
    expect(rows).toMatchObject([
      {
        ...parsed,
        name: "Production",
        scopes: ["usage:write", "agent:run"],
        createdByMemberId: team[role].memberId,
      },
    ])
    await dialog.getByRole("button", { name: "Done" }).click()
    await expect(page.getByRole("button", { name: "Create key" })).toBeFocused()
    const row = page.getByRole("row", { name: /Production/ })
    await expect(row).toContainText(`ck_…${apiKey.slice(-4)}`)
    await expect(row).toContainText("Report usage, run agents")
    await expect(row).toContainText(`by ${role.toUpperCase()} of the test`)
    // The dialog's own entry in the history is gone by then.
    await expect(page).toHaveURL(pathOf(team))
    await page.reload()
    await expect(row).toBeVisible()
    expect(await page.content()).not.toContain(apiKey.slice(-43))

    await row.getByRole("button", { name: "Revoke Production" }).click()
    await expect(dialog).toContainText(`ending in ${apiKey.slice(-4)}`)
    await expect(dialog.getByRole("listitem")).toHaveText(["report usage", "run agents"])
    await page.keyboard.press("Escape")
    await expect(row.getByRole("button", { name: "Revoke Production" })).toBeFocused()
    expect(await db.apiKey.count({ where: { teamId: team.id, revokedAt: null } })).toBe(1)
    await row.getByRole("button", { name: "Revoke Production" }).click()
    await dialog.getByRole("button", { name: "Revoke key" }).click()
    await expect(page.getByRole("status").getByText("“Production” is revoked.")).toBeAttached()
    await expect(row).toContainText("Revoked")
    await expect(row.getByRole("button")).toHaveCount(0)
    await expect(page.getByRole("button", { name: "Create key" })).toBeFocused()
    expect(await db.apiKey.count({ where: { teamId: team.id, revokedAt: null } })).toBe(0)
  })

test("a key needs a name and something that it may do", async ({ page, db, team, signInAs }) => {
  await signInAs(team.owner)
  await page.goto(pathOf(team))
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByText("Enter a name.")).toBeVisible()
  await expect(dialog.getByText("Choose at least one.")).toBeVisible()
  await expect(dialog.getByLabel("Name")).toBeFocused()
  await dialog.getByLabel("Name").fill("x".repeat(81))
  await dialog.getByLabel("Name").press("Enter")
  await expect(dialog.getByText("Use at most 80 characters.")).toBeVisible()
  await dialog.getByLabel("Name").fill("x")
  await dialog.getByLabel("Name").press("Enter")
  await expect(dialog.getByLabel("Report usage")).toBeFocused()
  expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(0)
})

test("a key whose answer got lost is in the list, and the dialog says so", async ({
  page,
  db,
  team,
  signInAs,
  watched,
}) => {
  watched.allow(/ERR_FAILED/)
  await signInAs(team.owner)
  await page.goto(pathOf(team))
  await page.route("**/api-keys", async (route) => {
    if (route.request().method() !== "POST") return route.continue()
    await route.fetch()
    await route.abort()
  })
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name").fill("Lost")
  await dialog.getByLabel("Report usage").check()
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByRole("alert")).toContainText("may have been created without being shown")
  expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(1)
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await expect(page.getByRole("row", { name: /Lost/ })).toBeVisible()
})

test("where the browser doesn’t let a page copy, the key is selected", async ({ page, team, signInAs }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }))
  await signInAs(team.owner)
  await page.goto(pathOf(team))
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name").fill("Mine")
  await dialog.getByLabel("Report usage").check()
  await dialog.getByLabel("Name").press("Enter")
  await dialog.getByRole("button", { name: "Copy key" }).click()
  await expect(dialog.getByText("copy it by hand")).toBeVisible()
  expect(parseApiKey(await page.evaluate(() => String(getSelection())))?.teamId).toBe(team.id)
})

test("with as many keys as there can be the button says why it is off", async ({
  page,
  db,
  team,
  signInAs,
}) => {
  await fillApiKeys(db, team, MAX_ACTIVE_API_KEYS)
  await signInAs(team.admin)
  await page.goto(pathOf(team))
  await expect(page.getByRole("main")).toContainText(API_KEY_LIMIT_SENTENCE)
  await expect(page.getByRole("button", { name: "Create key" })).toBeDisabled()
})

test("the Admin renames a key, and rolls it with an end for both secrets", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  const { id, apiKey } = await createTestApiKey(db, team, { name: "Nightly" })
  await signInAs(team.admin)
  await page.goto(pathOf(team))
  await page.getByRole("button", { name: "Manage Nightly" }).click()
  const dialog = page.getByRole("dialog", { name: /key|secret/i })
  await dialog.getByLabel("Name").fill("")
  await dialog.getByRole("button", { name: "Save name" }).click()
  await expect(dialog.getByText("Enter a name.")).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("Name").fill("Weekly")
  await dialog.getByRole("button", { name: "Save name" }).click()
  await page.getByRole("button", { name: "Manage Weekly" }).click()
  await dialog.getByLabel("The old secret works on").selectOption("For 1 hour")
  await dialog.getByLabel("Expires").selectOption("On a date")
  const day = utcDayOf(new Date(Date.now() + 40 * DAY_MS))
  await dialog.getByLabel("Date").fill(utcDayOf(new Date()))
  await dialog.getByRole("button", { name: "Roll key" }).click()
  await expect(dialog.getByText("Choose tomorrow or a later day (UTC).")).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("Date").fill(day)
  await dialog.getByRole("button", { name: "Roll key" }).click()
  await expect(dialog).toContainText("It won’t be shown again.")
  await dialog.getByRole("button", { name: "Done" }).click()
  const row = page.getByRole("row", { name: /Weekly/ })
  await expect(row).toContainText(`ck_…${apiKey.slice(-4)} works until`)
  await expect(row).toContainText("Expires")
  const key = await db.apiKey.findUniqueOrThrow({ where: { teamId_id: { teamId: team.id, id } } })
  await expect(row).toContainText(`ck_…${key.last4} ·`)
  expect(key.expiresAt).toEqual(endOfUtcDay(day))
  expect(await db.apiKeyFormerSecret.count({ where: { teamId: team.id, apiKeyId: id } })).toBe(1)
})

test("axe finds nothing in the list and the dialogs", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await signInAs(team.owner)
  await page.goto(pathOf(team))
  await expectAccessible()
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByText("Enter a name.")).toBeVisible()
  await expectAccessible()
  await dialog.getByLabel("Name").fill("Mine")
  await dialog.getByLabel("Report usage").check()
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByRole("button", { name: "Copy key" })).toBeFocused()
  await expectAccessible()
  await dialog.getByRole("button", { name: "Done" }).click()
  await fillApiKeys(db, team, 2, new Date())
  await page.reload()
  await expectAccessible()
  await page.getByRole("button", { name: "Revoke Mine" }).click()
  await expect(dialog.getByRole("button", { name: "Revoke key" })).toBeVisible()
  await expectAccessible()
})
