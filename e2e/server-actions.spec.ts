import { callServerAction, OPEN_ACTIONS, requireServerAction } from "@/dev/testing/actions"
import { startTestSession } from "@/dev/testing/sessions"
import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"

test("a tampered purchase is refused, whatever its shape, and writes nothing", async ({
  db,
  team,
  billingPath,
}) => {
  const session = await startTestSession(db, team.owner.userId)
  const start = await requireServerAction("startPurchase")
  const poolId = toPublicId("pool", team.owner.poolId)
  const good = { amount: "25", requestKey: crypto.randomUUID(), poolId }
  const inputs: unknown[] = [
    { ...good, amount: 25 },
    { ...good, amount: "4.99" },
    { ...good, amount: "1000.01" },
    { ...good, amount: "25.001" },
    { ...good, amount: { not: "" } },
    { ...good, poolId: team.owner.poolId },
    { ...good, poolId: { contains: "" } },
    { ...good, poolId: toPublicId("pool", team.id) },
    { ...good, requestKey: "short" },
    { ...good, teamId: team.id },
    { ...good, status: "succeeded" },
    { amount: "25", poolId },
    null,
    [],
    "25",
  ]
  for (const input of inputs) {
    const answer = await callServerAction(start, { path: billingPath, session, args: [team.slug, input] })
    expect(answer.value, JSON.stringify(input)).toMatchObject({ ok: false })
    expect(["invalid_input", "not_found"]).toContain(answer.value?.code)
  }
  for (const slug of [null, { not: "" }, ["x"], 5]) {
    const answer = await callServerAction(start, { path: billingPath, session, args: [slug, good] })
    expect(answer.value).toMatchObject({ ok: false, code: "not_found" })
  }
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
})

const NOT_OUR_PAGE: Record<string, string>[] = [
  {},
  { origin: "https://evil.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site", origin: process.env.E2E_APP_URL ?? "" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
]

/** One of each wrapper, which makes all others too (app/guarded-actions.test.ts), and each that has none. */
const FORGED: Record<string, (team: { slug: string }) => unknown[]> = {
  createApiKey: ({ slug }) => [slug, { name: "Forged", scopes: ["usage:write"] }],
  signOutEverywhere: () => [{}],
  ...Object.fromEntries(OPEN_ACTIONS.map((name) => [name, () => ["OWNER", "/"]])),
}

for (const [name, argsOf] of Object.entries(FORGED))
  test(`${name} refuses a request that no page of ours sent`, async ({ db, team, billingPath }) => {
    const session = await startTestSession(db, team.owner.userId)
    const action = await requireServerAction(name)
    for (const headers of NOT_OUR_PAGE) {
      const path = name === "createTeam" ? "/teams" : billingPath
      const answer = await callServerAction(action, { path, session, args: argsOf(team), headers })
      expect(answer.value?.ok ?? false, JSON.stringify(headers)).toBe(false)
      expect(answer.redirect).toBeNull()
      expect(answer.cookies).toEqual([])
      expect(answer.status, JSON.stringify(headers)).toBe(403)
    }
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(0)
    expect(await db.member.count({ where: { userId: team.owner.userId } })).toBe(1)
    expect(await db.session.count({ where: { userId: team.owner.userId } })).toBe(1)
  })
