import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { newId, toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"

const pathOf = (team: TestTeam) => `/${team.slug}/settings/api-keys`

test("the page doesn’t exist for a Member, for another team’s Owner, or without a session", async ({
  page,
  context,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  watched.allow(/404/)
  await createTestApiKey(db, team, { name: "Not yours" })
  await page.goto(pathOf(team))
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(pathOf(team))}`)
  const others = await createTestTeam(db)
  for (const person of [team.member, others.owner]) {
    await context.clearCookies()
    await signInAs(person)
    const response = await page.goto(pathOf(team))
    expect(response?.status()).toBe(404)
    await expect(page.getByRole("heading")).toHaveText(
      "This page doesn’t exist or you don’t have access to it.",
    )
    expect(await page.content()).not.toContain("Not yours")
  }
  await context.clearCookies()
  await signInAs(team.member)
  await page.goto(billingPath)
  await expect(page.getByText("Ask an Owner or Admin")).toBeVisible()
  await expect(page.getByRole("link", { name: "API keys" })).toHaveCount(0)
})

for (const name of ["createApiKey", "revokeApiKey"])
  test(`${name} called without a page obeys only an Owner or Admin of the team`, async ({ db, team }) => {
    const [others, key] = [await createTestTeam(db), await createTestApiKey(db, team)]
    const action = await requireServerAction(name)
    const input =
      name === "createApiKey" ? { name: "x", scopes: ["usage:write"] } : { apiKeyId: key.publicId }
    const call = async (userId: string | null, slug = team.slug, given: unknown = input) => {
      const session = userId && (await startTestSession(db, userId))
      return (
        await callServerAction(action, { path: `/${slug}/settings/api-keys`, session, args: [slug, given] })
      ).value
    }
    const keys = () => db.apiKey.findMany({ where: { teamId: { in: [team.id, others.id] } } })
    const before = await keys()
    expect(await call(null)).toMatchObject({ ok: false, code: "sign_in_required" })
    expect(await call(team.member.userId)).toMatchObject({ ok: false, code: "forbidden" })
    expect(await call(others.owner.userId)).toMatchObject({ ok: false, code: "not_found" })
    const wrong = [
      null,
      [],
      { ...input, teamId: others.id },
      { ...input, revokedAt: null },
      { name: "x", scopes: ["admin"] },
      { apiKeyId: key.id },
      { apiKeyId: { not: "" } },
      { apiKeyId: toPublicId("pool", key.id) },
    ]
    for (const given of wrong)
      expect(await call(team.owner.userId, team.slug, given)).toMatchObject({
        ok: false,
        code: "invalid_input",
      })
    if (name === "revokeApiKey") {
      const foreign = await call(others.owner.userId, others.slug)
      const unknown = await call(others.owner.userId, others.slug, { apiKeyId: toPublicId("key", newId()) })
      expect(foreign).toEqual(unknown)
      expect(foreign).toMatchObject({ ok: false, code: "not_found" })
    }
    expect(await keys()).toEqual(before)
    for (const person of [team.admin, team.owner])
      expect(await call(person.userId)).toMatchObject({ ok: true })
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(name === "createApiKey" ? 3 : 1)
    expect(await keys()).not.toEqual(before)
  })
