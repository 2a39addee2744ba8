import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { makeThisMonth } from "@/dev/testing/statements"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key"
import { API_KEY_SCOPES, type ApiKeyScope } from "@/lib/api-keys/scopes"
import { newId, toPublicId } from "@/lib/ids"
import { API_ROUTES } from "./app"

const world = testApi()
let team: TestTeam
let key: string
let ids: Record<"holds" | "tasks" | "statements", string>
let statementId: string

const usage = { consumable: "sms", quantity: 1 }
const headers = { "idempotency-key": "of-these-tests" }

beforeAll(async () => {
  team = await createTestTeam(world.db)
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
  await report(key, { ...usage, quantity: 9 }, "reversed")
  statementId = await makeThisMonth(world.db, team)
  ids = await openBoth(key)
})

/** Opens a new hold and a new task for a test to settle. */
async function openBoth(apiKey: string): Promise<typeof ids> {
  const { json } = await callApi("POST /holds", { key: apiKey, body: usage })
  const started = await callApi("POST /agent/tasks", {
    key: apiKey,
    body: { title: "A run", estimate: usage },
  })
  return {
    holds: String((json.hold as Json).id),
    tasks: String((started.json.task as Json).id),
    statements: statementId,
  }
}

type Endpoint = { call: string; scope: ApiKeyScope; body?: Json; good: number }
const ENDPOINTS: Endpoint[] = [
  { call: "POST /usage", scope: "usage:write", body: usage, good: 200 },
  { call: "POST /usage", scope: "usage:write", body: { records: [{ key: "r", ...usage }] }, good: 200 },
  {
    call: "POST /usage/reversals",
    scope: "usage:reverse",
    body: { key: "reversed", quantity: 1, reason: "Metered twice" },
    good: 200,
  },
  { call: "GET /usage", scope: "usage:read", good: 200 },
  { call: "GET /usage/records", scope: "usage:read", good: 200 },
  { call: "GET /balance", scope: "balance:read", good: 200 },
  { call: "GET /transactions", scope: "transactions:read", good: 200 },
  { call: "GET /statements", scope: "statements:read", good: 200 },
  { call: "GET /statements/{id}", scope: "statements:read", good: 200 },
  { call: "POST /preflight", scope: "usage:write", body: usage, good: 200 },
  { call: "POST /holds", scope: "usage:write", body: usage, good: 201 },
  { call: "GET /holds/{id}", scope: "usage:write", good: 200 },
  { call: "POST /holds/{id}/capture", scope: "usage:write", body: { quantity: 1 }, good: 200 },
  { call: "POST /holds/{id}/release", scope: "usage:write", good: 200 },
  { call: "POST /agent/tasks", scope: "agent:run", body: { title: "A run" }, good: 201 },
  { call: "GET /agent/tasks/{id}", scope: "agent:run", good: 200 },
  { call: "POST /agent/tasks/{id}/usage", scope: "agent:run", body: usage, good: 200 },
  { call: "POST /agent/tasks/{id}/complete", scope: "agent:run", body: { quantity: 1 }, good: 200 },
  { call: "POST /agent/tasks/{id}/cancel", scope: "agent:run", good: 200 },
]
const nameOf = ({ call, body }: Endpoint) => `${call}${body?.records ? " (batch)" : ""}`

test("this table names every endpoint", () => {
  const calls = API_ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(calls.filter((call) => !ENDPOINTS.some((endpoint) => endpoint.call === call))).toEqual([])
})

describe.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))("%s", (_, endpoint) => {
  const kind =
    (["tasks", "statements"] as const).find((name) => endpoint.call.includes(`/${name}`)) ?? "holds"
  const ask = (apiKey: string | null, id = ids[kind]) =>
    callApi(endpoint.call.replace("{id}", id), { key: apiKey, body: endpoint.body, headers })

  test.each<[string, (() => string) | null]>([
    ["without a key", null],
    ["with a text that is no key", () => "ck_nonsense"],
    [
      "with a key of a team that isn’t",
      () => key.replace(/^ck_[^_]+/, `ck_${toPublicId("team", newId()).slice(5)}`),
    ],
    ["with a key that the team hasn’t", () => `${key.slice(0, -8)}AAAAAAAA`],
  ])("%s nobody is let in", async (_case, text) => {
    const before = await writtenOf(world, team.id)
    const answer = await ask(text?.() ?? null)
    expect([answer.status, answer.json.code]).toEqual([401, "unauthenticated"])
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/)
    expect(await writtenOf(world, team.id)).toEqual(before)
  })

  test("refuses a key without the scope", async () => {
    const scopes = API_KEY_SCOPES.filter((scope) => scope !== endpoint.scope)
    const { apiKey } = await createTestApiKey(world.db, team, { scopes })
    const before = await writtenOf(world, team.id)
    const answer = await ask(apiKey)
    expect([answer.status, answer.json.code]).toEqual([403, "forbidden"])
    expect(answer.json.title).toContain(endpoint.scope)
    expect(await writtenOf(world, team.id)).toEqual(before)
  })

  test("answers a key with this scope alone, and refuses it at the very next request once it is revoked", async () => {
    const { apiKey, id } = await createTestApiKey(world.db, team, { scopes: [endpoint.scope] })
    const own = (await openBoth(key))[kind]
    const send = () =>
      callApi(endpoint.call.replace("{id}", own), {
        key: apiKey,
        body: endpoint.body?.records ? { records: [{ key: crypto.randomUUID(), ...usage }] } : endpoint.body,
        headers: { "idempotency-key": crypto.randomUUID() },
      })
    expect((await send()).status).toBe(endpoint.good)
    await revokeApiKey({ db: world.db, now: new Date(), team, actor: team.owner }, { apiKeyId: id })
    const before = await writtenOf(world, team.id)
    expect((await send()).json).toMatchObject({ status: 401, code: "unauthenticated" })
    expect(await writtenOf(world, team.id)).toEqual(before)
  })

  test("a key of a team that was deleted is no key", async () => {
    const gone = await createTestTeam(world.db)
    const { apiKey } = await createTestApiKey(world.db, gone)
    await callApi("GET /balance", { key: apiKey })
    await world.db.team.update({ where: { id: gone.id }, data: { deletedAt: new Date() } })
    expect((await ask(apiKey)).status).toBe(401)
  })

  test.runIf(endpoint.call.includes("{id}"))(
    "another team’s id, and what is none, are not found",
    async () => {
      const other = await createTestTeam(world.db)
      const { apiKey } = await createTestApiKey(world.db, other)
      const before = await writtenOf(world, team.id)
      const given = ids[kind]
      const prefix = ({ tasks: "run", statements: "stm", holds: "hold" } as const)[kind]
      const others = [given.replace(/^[a-z]+/, "pool"), given.replace(/^[a-z]+_/, ""), "x", "%00"]
      for (const id of [given, toPublicId(prefix, newId()), ...others])
        expect((await ask(apiKey, id)).json).toMatchObject({ status: 404, code: "not_found" })
      expect(await writtenOf(world, team.id)).toEqual(before)
    },
  )
})

test("a key is accepted whatever the case of the scheme, and nowhere but in the header", async () => {
  expect((await callApi("GET /balance", { headers: { authorization: `bearer ${key}` } })).status).toBe(200)
  for (const authorization of [key, `Basic ${key}`, `Bearer ${key} x`, `Bearer`, `Bearer "${key}"`])
    expect((await callApi("GET /balance", { headers: { authorization } })).status).toBe(401)
  expect((await callApi(`GET /balance?api_key=${key}`)).status).toBe(401)
})

test("a balance is the key’s pool’s or a member’s, never another team’s", async () => {
  const other = await createTestTeam(world.db)
  await giveCredits(world.db, team, team.member, usd(3))
  const { json } = await callApi(`GET /balance?user=${toPublicId("member", team.member.memberId)}`, { key })
  expect(json).toMatchObject({ balance: "3.00", pool: { id: toPublicId("pool", team.member.poolId) } })
  for (const user of [toPublicId("member", other.member.memberId), other.member.email, "", "x"])
    expect((await callApi(`GET /balance?user=${encodeURIComponent(user)}`, { key })).json).toMatchObject({
      status: 400,
      field: "user",
    })
  for (const query of ["team=x", "user=a@b.c&user=d@e.f"])
    expect((await callApi(`GET /balance?${query}`, { key })).status).toBe(400)
})
