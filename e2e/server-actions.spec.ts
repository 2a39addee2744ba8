import { callServerAction, listServerActions, OPEN_ACTIONS, requireServerAction } from "@/dev/testing/actions"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { awaitFollowedCustomer } from "./customers"
import { expect, test } from "./fixtures"

const NEEDS_PURCHASE_RIGHT = ["cancelPurchase", "confirmPurchase", "startPurchase"]
const NEEDS_API_KEY_RIGHT = ["createApiKey", "renameApiKey", "revokeApiKey", "rollApiKey"]
const NEEDS_PAYMENT_METHOD_RIGHT = [
  "finishAddingPaymentMethod",
  "removePaymentMethod",
  "setDefaultPaymentMethod",
  "startAddingPaymentMethod",
]
const NEEDS_AUTO_TOP_UP_RIGHT = [
  "finishAuthentication",
  "readAuthentication",
  "readUsage",
  "resumeAutoTopUp",
  "saveAutoTopUp",
]
const NEEDS_MEMBER_RIGHT = ["changeRole", "invite", "removeMember", "resendInvitation", "revokeInvitation"]
const NEEDS_OWNER = ["allowDomain", "deleteTeam", "disallowDomain", "runReconciliation"]
const NEEDS_TEAM_RIGHT = ["changeSlug", "renameTeam", "saveLowBalance", "saveTeamTimeZone"]
const NEEDS_LIMIT_RIGHT = ["removeLimit", "saveLimit", "saveProtection"]
const NEEDS_WEBHOOK_RIGHT = [
  "createEndpoint",
  "redeliverEvent",
  "removeEndpoint",
  "rotateEndpointSecret",
  "saveEndpointTypes",
  "sendTestEvent",
  "setEndpointEnabled",
]
/** Actions that every member may run, for themselves. */
const NEEDS_MEMBERSHIP = ["leaveTeam", "markRead", "savePreference"]
/** Actions that anybody signed in may run, for themselves. */
const NEEDS_SESSION = [
  "acceptInvitation",
  "cancelEmailChange",
  "confirmEmailChange",
  "deleteAccount",
  "endSession",
  "joinByDomain",
  "listOwnTeams",
  "renamePerson",
  "requestEmailChange",
  "saveDisplay",
  "signOutEverywhere",
]
const NEEDS_PLAN_RIGHT = ["confirmSubscription", "openPortal", "startSubscription"]
const NEEDS_SOME_RIGHT = [
  ...NEEDS_PURCHASE_RIGHT,
  ...NEEDS_API_KEY_RIGHT,
  ...NEEDS_PAYMENT_METHOD_RIGHT,
  ...NEEDS_AUTO_TOP_UP_RIGHT,
  ...NEEDS_MEMBER_RIGHT,
  ...NEEDS_LIMIT_RIGHT,
  ...NEEDS_OWNER,
  ...NEEDS_TEAM_RIGHT,
  ...NEEDS_PLAN_RIGHT,
  ...NEEDS_WEBHOOK_RIGHT,
  ...NEEDS_MEMBERSHIP,
]

test("every server action of the build is one that these tests know", async () => {
  const names = (await listServerActions()).map(({ name }) => name)
  const known = [...NEEDS_SOME_RIGHT, ...NEEDS_SESSION, ...OPEN_ACTIONS]
  expect(names.sort()).toEqual(known.sort())
})

for (const name of NEEDS_PURCHASE_RIGHT)
  test(`${name} called without a page obeys only an Owner or Admin of the team`, async ({
    db,
    team,
    billingPath,
    stripe,
  }) => {
    const others = await createTestTeam(db)
    const owner = await startTestSession(db, team.owner.userId)
    const start = await requireServerAction("startPurchase")
    const input = () => ({
      amount: "25",
      requestKey: crypto.randomUUID(),
      poolId: toPublicId("pool", team.owner.poolId),
    })
    const started = await callServerAction(start, {
      path: billingPath,
      session: owner,
      args: [team.slug, input()],
    })
    expect(started.value).toMatchObject({ ok: true })
    const purchaseId = String(Reflect.get(Object(started.value?.value), "purchaseId"))
    const action = await requireServerAction(name)
    const args = () => [team.slug, name === "startPurchase" ? input() : { purchaseId }]
    const snapshot = async () => ({
      purchases: await db.purchase.findMany({ where: { teamId: { in: [team.id, others.id] } } }),
      customers: await db.stripeCustomer.count({ where: { teamId: { in: [team.id, others.id] } } }),
      calls: (await stripe.requests({ customer })).count,
    })
    const customer = await awaitFollowedCustomer(db, team.id)
    const before = await snapshot()
    const refused = [
      [null, "sign_in_required"],
      [await startTestSession(db, others.owner.userId), "not_found"],
      [await startTestSession(db, team.member.userId), "forbidden"],
      [await startTestSession(db, team.owner.userId, new Date(Date.now() - 1000)), "sign_in_required"],
    ] as const
    for (const [session, code] of refused) {
      const answer = await callServerAction(action, { path: billingPath, session, args: args() })
      expect(answer.value).toMatchObject({ ok: false, code })
    }
    const ownTeam = await callServerAction(action, {
      path: `/${others.slug}/settings/account/billing`,
      session: await startTestSession(db, others.owner.userId),
      args: [others.slug, name === "startPurchase" ? input() : { purchaseId }],
    })
    expect(ownTeam.value).toMatchObject({ ok: false, code: "not_found" })
    expect(await snapshot()).toEqual(before)

    for (const person of [team.admin, team.owner]) {
      const session = await startTestSession(db, person.userId)
      const answer = await callServerAction(action, { path: billingPath, session, args: args() })
      expect(answer.value).toMatchObject({ ok: true })
    }
  })

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
