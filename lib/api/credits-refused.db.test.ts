import { expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi } from "@/dev/testing/metering-api"
import { giveCredits, putInDebt, spendCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { creditsProblemAnswer } from "./openapi"

const world = testApi()

const TITLE =
  "This request costs $1.20 and $1.00 is left. Purchase add-on credits or raise the team-wide spend cap to continue."
const LARGE_TITLE =
  "This request costs $59,850.00 and $2,000.00 is left. Purchase add-on credits or raise the team-wide spend cap to continue."
const TEAM_TITLE =
  "Your team has run out of add-on credits. Purchase more credits in your team's billing settings to continue."

async function renewsAt(poolId: string): Promise<string | undefined> {
  const pool = await world.db.pool.findFirstOrThrow({ where: { id: poolId } })
  return pool.periodEndsAt?.toISOString()
}

async function documentOf(team: TestTeam, payer: TestMember, more: Record<string, unknown>) {
  return {
    type: "/reference/api-and-sdk/troubleshooting/errors/insufficient-credits/",
    title: TITLE,
    status: 403,
    instance: "/api/v1/usage",
    retryable: false,
    error: TITLE,
    code: "insufficient_credits",
    reason: "not_enough",
    billed_principal: { type: "team_owner", id: toPublicId("member", payer.memberId) },
    pools: [
      {
        id: toPublicId("pool", payer.poolId),
        name: "OWNER of the test",
        available: "1.00",
        renews_at: await renewsAt(payer.poolId),
      },
    ],
    required: "1.20",
    who_can_fix: ["Owner", "Admin"],
    top_up_url: `http://localhost:3000/${team.slug}/settings/account/billing`,
    request_id: "the-request",
    ...more,
  }
}

function spend(key: string, body: Record<string, unknown>) {
  const headers = { "idempotency-key": crypto.randomUUID(), "x-request-id": "the-request" }
  return callApi("POST /usage", { key, body: { consumable: "sms", quantity: 100, ...body }, headers })
}

test("without enough in the Owner’s pool the document says who pays, what is missing, and where to add it", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team)
  await giveCredits(world.db, team, team.owner, usd(1))
  const { status, json } = await spend(apiKey, {})
  expect(status).toBe(403)
  creditsProblemAnswer.parse(json)
  expect(json).toEqual(await documentOf(team, team.owner, {}))
  expect(await world.db.entry.count({ where: { teamId: team.id, kind: "consumption" } })).toBe(0)
})

test("for a user it is the user’s pool", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team)
  await giveCredits(world.db, team, team.owner, usd(100))
  await giveCredits(world.db, team, team.member, usd(1))
  const { json } = await spend(apiKey, { trigger: "user", user: team.member.email })
  const pools = (await documentOf(team, team.member, {})).pools
  expect(json).toEqual(
    await documentOf(team, team.member, {
      billed_principal: { type: "user", id: toPublicId("member", team.member.memberId) },
      pools: [{ ...pools[0], name: "MEMBER of the test" }],
    }),
  )
})

test("for an Enterprise team it is the team’s pool, with the sentence about it", async () => {
  const team = await createEnterpriseTeam(world.db)
  const { apiKey } = await createTestApiKey(world.db, team)
  await spend(apiKey, {})
  const { json } = await spend(apiKey, {
    consumable: "storage",
    quantity: 1_000_000,
    user: team.member.email,
  })
  expect(json).toEqual(
    await documentOf(team, team.owner, {
      title: LARGE_TITLE,
      error: LARGE_TITLE,
      reason: "not_enough",
      billed_principal: { type: "team", id: toPublicId("team", team.id) },
      pools: [
        {
          id: toPublicId("pool", team.owner.poolId),
          name: team.name,
          available: "2000.00",
          renews_at: await renewsAt(team.owner.poolId),
        },
      ],
      required: "59850.00",
    }),
  )
  await spendCredits(world.db, team, team.owner, usd(2_000.5))
  const empty = await spend(apiKey, { consumable: "storage", quantity: 1_000_000 })
  expect(empty.json).toMatchObject({ title: TEAM_TITLE, reason: "allowance_exhausted" })
})

test("debt is its own reason, and a hold is refused alike", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team)
  await putInDebt(world.db, team, team.owner, usd(3))
  const refused = { reason: "debt", pools: [{ available: "-3.00" }] }
  expect((await spend(apiKey, {})).json).toMatchObject(refused)
  const hold = await callApi("POST /holds", { key: apiKey, body: { consumable: "sms", quantity: 1 } })
  expect(hold.json).toMatchObject({ code: "insufficient_credits", instance: "/api/v1/holds", ...refused })
  const ahead = await callApi("POST /preflight", { key: apiKey, body: { consumable: "sms", quantity: 1 } })
  expect(ahead.json).toMatchObject({ enough: false, cost: "0.012", pools: [{ available: "-3.00" }] })
})

test("a record paid before still gets its answer once the pool is empty", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team)
  await giveCredits(world.db, team, team.owner, usd(0.12))
  const body = { consumable: "sms", quantity: 10 }
  const first = await report(apiKey, body, "last")
  expect((await report(apiKey, body)).status).toBe(403)
  expect((await report(apiKey, body, "last")).json).toEqual({ ...first.json, replayed: true })
})
