import { createTestTeam } from "@/dev/testing/teams"
import { recordEvent } from "@/lib/audit/record-event"
import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"

test("an Owner reads who did what, narrows it down by the address, and takes it away as a file", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  const path = `/${team.slug}/settings/audit-log`
  await signInAs(team.owner)
  await page.goto(path)
  await expect(page.getByText("No events yet")).toBeVisible()

  const subject = { kind: "api_key" as const, id: "key_1", name: "=CI" }
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  for (let n = 60; n > 2; n--)
    await recordEvent(db, { teamId: team.id, actor: team.admin, kind: "portal.opened" }, at(n))
  const change = { before: { cap: "200.00" }, after: { cap: "350.00" } }
  await recordEvent(db, { teamId: team.id, actor: team.admin, kind: "spend_cap.changed", ...change }, at(2))
  await recordEvent(db, { teamId: team.id, actor: team.owner, kind: "api_key.revoked", subject }, at(1))
  await page.reload()
  const rows = page.getByRole("table", { name: "Audit log" }).getByRole("row")
  await expect(rows).toHaveCount(51)
  await expect(rows.nth(1)).toContainText("OWNER of the test revoked the API key =CI")
  await expect(rows.nth(1)).toContainText(`address of ${team.id}`)
  await expect(rows.nth(2)).toContainText("Cap: $200.00 → became $350.00")
  await expectAccessible()

  await page.getByRole("link", { name: "Older" }).click()
  await expect(rows).toHaveCount(11)
  await page.getByRole("link", { name: "Newer" }).click()
  await expect(rows).toHaveCount(51)

  await page.getByLabel("Person").selectOption("OWNER of the test")
  await page.getByLabel("What").selectOption("All of API keys")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(rows).toHaveCount(2)
  const owner = toPublicId("member", team.owner.memberId)
  await expect(page).toHaveURL(`${path}?person=${owner}&kind=api_keys`)
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^audit-log-${team.slug}-[0-9-]{10}\\.csv$`))

  await page.getByLabel("From (UTC)").fill("2026-02-02")
  await page.getByLabel("To (UTC)").fill("2026-02-01")
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(page.getByText("The last day is before the first.")).toBeVisible()
  await expect(page.getByText("No events match")).toBeVisible()
  await expectAccessible()
  await page.getByRole("link", { name: "Clear" }).click()
  await expect(rows).toHaveCount(51)
  await expect(page.getByLabel("Person")).toHaveValue("")
})

test("the file is for Owners and Admins of the team, and the address that makes no sense is none", async ({
  page,
  db,
  team,
  signInInstead,
}) => {
  const others = await createTestTeam(db)
  await recordEvent(db, { teamId: team.id, actor: team.owner, kind: "portal.opened" }, new Date())
  const file = `/api/teams/${team.slug}/audit-log`
  const status = async (path: string) => (await page.request.get(path)).status()
  expect(await status(file)).toBe(404)
  for (const [person, expected] of [
    [team.admin, 200],
    [team.member, 404],
    [others.owner, 404],
    [team.owner, 200],
  ] as const) {
    await signInInstead(person)
    expect(await status(file)).toBe(expected)
  }
  const answer = await page.request.get(`${file}?kind=billing`)
  expect(answer.headers()["content-type"]).toBe("text/csv; charset=utf-8")
  expect(answer.headers()["cache-control"]).toContain("no-store")
  expect((await answer.text()).split("\r\n")).toHaveLength(3)
  const foreign = toPublicId("member", others.owner.memberId)
  for (const query of [
    "kind=x",
    "person=x",
    "from=x",
    "kind=team&kind=billing",
    "before=1",
    "to=2026-02-30",
  ]) {
    if (!query.startsWith("before")) expect(await status(`${file}?${query}`), query).toBe(404)
    expect(await status(`/${team.slug}/settings/audit-log?${query}`), query).toBe(404)
  }
  expect(await status(`/${team.slug}/settings/audit-log?person=${foreign}`)).toBe(404)
})
