import { createTestApiKey, fillApiKeys } from "@/dev/testing/api-keys"
import { createApiKey } from "@/lib/api-keys/create-api-key"
import { rollApiKey } from "@/lib/api-keys/roll-api-key"
import { DAY_MS } from "@/lib/clock"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)

test("API keys: none, creating one, the list, revoking one", async ({
  page,
  context,
  db,
  team,
  signInAs,
  shoot,
  watched,
}) => {
  watched.allow(/ERR_FAILED/)
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.admin.userId }, data: { name: "Lin Zhou" } })
  await signInAs(team.owner)
  const path = `/${team.slug}/settings/api-keys`
  await page.goto(path)
  await shoot("api-keys-none")

  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await expect(dialog.getByLabel("Name")).toBeFocused()
  await shoot("api-keys-create")
  await dialog.getByRole("button", { name: "Create key" }).click()
  await shoot("api-keys-create-error")
  await dialog.getByLabel("Name").fill("Production metering")
  await dialog.getByLabel("Report usage").check()
  await dialog.getByLabel("Read the balance").check()
  await page.route("**/api-keys", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  )
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByRole("alert")).toBeVisible()
  await shoot("api-keys-create-problem")
  await page.unroute("**/api-keys")
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByRole("button", { name: "Copy key" })).toBeFocused()
  await shoot("api-keys-created")
  await dialog.getByRole("button", { name: "Copy key" }).click()
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible()
  await shoot("api-keys-copied")
  await dialog.getByRole("button", { name: "Done" }).click()

  await createTestApiKey(db, team, { name: "Agent runner", by: team.admin, now: daysAgo(3) })
  await createTestApiKey(db, team, {
    name: "Finance export",
    scopes: ["transactions:read"],
    now: daysAgo(40),
  })
  const left = await createTestApiKey(db, team, { name: "Laptop of Lin", by: team.admin, now: daysAgo(90) })
  await createTestApiKey(db, team, {
    name: "Nightly report",
    scopes: ["balance:read", "transactions:read"],
    by: team.admin,
    now: daysAgo(400),
  })
  await db.apiKey.updateMany({ where: { id: left.id }, data: { revokedAt: daysAgo(20) } })
  await db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
  const report = await db.apiKey.findFirstOrThrow({ where: { teamId: team.id, name: "Finance export" } })
  await rollApiKey(
    { db, now: new Date(), team, actor: { ...team.owner, address: "unknown" } },
    { apiKeyId: report.id, overlapHours: 24, expiresInDays: 90 },
  )
  await db.apiKeyUse.create({ data: { teamId: team.id, apiKeyId: report.id, lastUsedAt: new Date() } })
  await createApiKey(
    { db, now: daysAgo(10), team, actor: { ...team.owner, address: "unknown" } },
    { name: "Trial", scopes: ["usage:write"], expiresInDays: 7 },
  )
  await page.reload()
  await shoot("api-keys-list")
  await page.getByRole("button", { name: "Manage Finance export" }).click()
  await expect(dialog.getByRole("button", { name: "Roll key" })).toBeVisible()
  await shoot("api-keys-manage")
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Revoke Agent runner" }).click()
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused()
  await shoot("api-keys-revoke")
  await page.route("**/api-keys", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  )
  await dialog.getByRole("button", { name: "Revoke key" }).click()
  await expect(dialog.getByRole("alert")).toBeVisible()
  await shoot("api-keys-revoke-problem")
  await page.unroute("**/api-keys")
  await dialog.getByRole("button", { name: "Revoke key" }).click()
  await expect(page.getByRole("row", { name: /Agent runner.*Revoked/ })).toBeVisible()
  await shoot("api-keys-revoked")
})

test("API keys: the longest names, and as many as there can be", async ({
  page,
  db,
  team,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: LONG } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: LONG } })
  await signInAs(team.owner)
  await fillApiKeys(db, team, 21, daysAgo(2))
  await fillApiKeys(db, team, 49)
  await createTestApiKey(db, team, { name: "W".repeat(80) })
  await page.goto(`/${team.slug}/settings/api-keys`)
  await shoot("api-keys-full")
  await page.getByRole("button", { name: /^Revoke WWW/ }).click()
  await shoot("api-keys-revoke-huge")
})
