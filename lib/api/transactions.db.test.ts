import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { listTransactionsBefore } from "@/lib/ledger/search-transactions"
import { toCursor } from "./transaction-cursor"
import { transactionsAnswer } from "./transactions"

const world = testApi()
let team: TestTeam
let key: string

const sms = (n: number) => ({ key: `t-${n}`, consumable: "sms", quantity: 1 })

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50), new Date(Date.now() - 3 * DAY_MS))
  const records = Array.from({ length: 130 }, (_, n) => sms(n))
  await callApi("POST /usage", { key, body: { records } })
  await giveCredits(world.db, team, team.owner, usd(1))
})

async function list(query = "", apiKey = key) {
  const { status, json } = await callApi(`GET /transactions${query}`, { key: apiKey })
  expect(status).toBe(200)
  return transactionsAnswer.parse(json)
}

test("lists the pool’s credits, newest first, as they are", async () => {
  const { transactions, next_cursor } = await list("?limit=2")
  expect(transactions).toEqual([
    {
      id: "ent_1_132",
      seq: 132,
      kind: "promotion",
      description: "Welcome credits",
      amount: "1.00",
      balance_after: "49.44",
      occurred_at: expect.any(String),
      usage: null,
    },
    {
      id: "ent_1_131",
      seq: 131,
      kind: "consumption",
      description: "SMS",
      amount: "-0.012",
      balance_after: "48.44",
      occurred_at: expect.any(String),
      usage: {
        consumable: "sms",
        quantity: "1",
        allowance: "0",
        rate: "0.012",
        trigger: "api_key",
        user: null,
        api_key: expect.stringMatching(/^key_/),
        run: null,
        paid_by: [{ source: "promotion", amount: "0.012" }],
      },
    },
  ])
  expect(next_cursor).not.toBeNull()
})

test("a run’s charge is one transaction, with the run and the grants that paid", async () => {
  const other = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, other)
  await giveCredits(world.db, other, other.owner, usd(0.5))
  await giveCredits(world.db, other, other.owner, usd(10))
  const body = { title: "Nightly index", estimate: { consumable: "sms", quantity: 100 } }
  const { json } = await callApi("POST /agent/tasks", { key: apiKey, body })
  const { id } = json.task as { id: string }
  const completed = await callApi(`POST /agent/tasks/${id}/complete`, {
    key: apiKey,
    body: { quantity: 75 },
    headers: { "idempotency-key": crypto.randomUUID() },
  })
  expect(completed.status).toBe(200)
  const { transactions } = await list("?kind=consumption", apiKey)
  expect(transactions).toMatchObject([
    {
      amount: "-0.90",
      balance_after: "9.60",
      usage: {
        quantity: "75",
        run: id,
        paid_by: [
          { source: "promotion", amount: "0.50" },
          { source: "promotion", amount: "0.40" },
        ],
      },
    },
  ])
})

test("page after page shows each once, whatever comes meanwhile", async () => {
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const page = await list(cursor === null ? "?limit=37" : `?limit=37&cursor=${cursor}`)
    seen.push(...page.transactions.map(({ seq }) => seq))
    cursor = page.next_cursor
    if (seen.length < 40) await report(key, { consumable: "sms", quantity: 1 })
  } while (cursor !== null)
  expect(seen).toEqual(Array.from({ length: 132 }, (_, n) => 132 - n))
})

test("without a limit a page has fifty, at most a hundred", async () => {
  expect((await list()).transactions).toHaveLength(50)
  expect((await list("?limit=100")).transactions).toHaveLength(100)
  for (const limit of ["0", "101", "-1", "1.5", "01", "1e1", "", "x", "5&limit=6"])
    expect((await callApi(`GET /transactions?limit=${limit}`, { key })).json).toMatchObject({
      status: 400,
      field: "limit",
    })
})

test("by kind, one or more", async () => {
  const promotions = await list("?kind=promotion")
  expect(promotions.transactions.map(({ amount }) => amount)).toEqual(["1.00", "50.00"])
  expect(promotions.next_cursor).toBeNull()
  expect((await list("?kind=promotion&kind=purchase")).transactions).toHaveLength(2)
  expect((await list("?kind=purchase")).transactions).toEqual([])
  const second = await list(`?kind=promotion&limit=1`)
  expect((await list(`?kind=promotion&limit=1&cursor=${second.next_cursor}`)).transactions).toMatchObject([
    { seq: 1 },
  ])
  for (const kind of ["included_grant", "PURCHASE", "", "purchase'--", "purchase&kind=x"])
    expect((await callApi(`GET /transactions?kind=${kind}`, { key })).json).toMatchObject({ status: 400 })
})

test("by time, from an instant on and before another", async () => {
  const dayAgo = encodeURIComponent(new Date(Date.now() - DAY_MS).toISOString())
  expect((await list(`?to=${dayAgo}`)).transactions).toMatchObject([{ seq: 1, amount: "50.00" }])
  expect((await list(`?from=${dayAgo}&limit=100`)).transactions).toHaveLength(100)
  expect((await list(`?from=${dayAgo}&to=${dayAgo}`)).transactions).toEqual([])
  for (const query of ["from=yesterday", "to=2026-11-21", "from=2026-11-21T00:00:00"])
    expect((await callApi(`GET /transactions?${query}`, { key })).status).toBe(400)
})

test.each([
  "0000-01-01T00:00:00Z",
  "0000-12-31T23:59:59Z",
  "0001-01-01T00:00:00%2B14:00",
  "9999-12-31T23:59:59-23:59",
])("a time that PostgreSQL doesn’t hold is refused: %s", async (time) => {
  for (const query of [`from=${time}`, `to=${time}`])
    expect((await callApi(`GET /transactions?${query}`, { key })).json).toMatchObject({ status: 400 })
})

test("the first and the last time that it holds are none too early or too late", async () => {
  expect(
    (await list("?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&limit=1")).transactions,
  ).toHaveLength(1)
})

test("a cursor of another pool, a changed one and a made-up one are refused", async () => {
  const other = await createTestTeam(world.db)
  const { next_cursor } = await list("?limit=1")
  const given = String(next_cursor)
  const flipped = `${given.startsWith("A") ? "B" : "A"}${given.slice(1)}`
  const texts = [
    ...[
      toCursor(other.owner.poolId, 5n),
      flipped,
      `${given}A`,
      given.slice(1),
      "5",
      "",
      "x".repeat(500),
      "%00",
      "-1",
    ],
    Buffer.from('{"before":5}').toString("base64url"),
  ]
  for (const text of texts)
    expect((await callApi(`GET /transactions?cursor=${text}`, { key })).json).toMatchObject({
      status: 400,
      field: "cursor",
    })
})

test("by amount, consumable, member, key and reference", async () => {
  const other = await createTestTeam(world.db, { plan: "free" })
  const own = await createTestApiKey(world.db, other)
  const second = await createTestApiKey(world.db, other)
  await giveCredits(world.db, other, other.owner, usd(50))
  await report(own.apiKey, { consumable: "sms", quantity: 3 }, "mine")
  await report(second.apiKey, { consumable: "voice", quantity: "2.5" })
  const user = { trigger: "user", user: other.owner.email }
  await report(second.apiKey, { consumable: "sms", quantity: 1, ...user })
  const seqs = async (query: string) =>
    (await list(`?${query}`, own.apiKey)).transactions.map(({ seq }) => seq)
  expect(await seqs("max_amount=-0.036")).toEqual([3, 2])
  expect(await seqs("max_amount=-0.036&min_amount=-0.036")).toEqual([2])
  expect(await seqs("min_amount=0")).toEqual([1])
  expect(await seqs("consumable=sms")).toEqual([4, 2])
  expect(await seqs(`consumable=sms&api_key=${second.publicId}`)).toEqual([4])
  const member = toPublicId("member", other.owner.memberId)
  for (const name of [encodeURIComponent(other.owner.email), member])
    expect(await seqs(`user=${name}`)).toEqual([4])
  for (const reference of ["mine", "ent_1_2"]) expect(await seqs(`reference=${reference}`)).toEqual([2])
  // The key draws from the Owner's pool, so it finds nothing in another member's.
  await giveCredits(world.db, other, other.member, usd(1))
  expect(await seqs("reference=ent_3_1")).toEqual([])
  const first = await list("?consumable=sms&limit=1", own.apiKey)
  expect(await seqs(`consumable=sms&limit=1&cursor=${first.next_cursor}`)).toEqual([2])
  const wrong = [
    ...[
      "min_amount=",
      "min_amount=1e3",
      "max_amount=1.0000000001",
      "max_amount=99999999999",
      "max_amount=NaN",
    ],
    ...[
      "consumable=gold",
      "user=nobody@example.com",
      "api_key=key_x",
      "reference=",
      `reference=${"x".repeat(256)}`,
    ],
    ...[
      "reference=mine&kind=purchase",
      `cursor=${first.next_cursor}`,
      `consumable=voice&cursor=${first.next_cursor}`,
    ],
  ]
  for (const query of wrong) {
    const { json } = await callApi(`GET /transactions?${query}`, { key: own.apiKey })
    expect([json.status, json.field], query).toEqual([
      400,
      query.includes("cursor") ? "cursor" : query.split("=")[0],
    ])
  }
})

test("fields that it doesn’t know are refused", async () => {
  for (const query of ["team_id=x", "before=5", "KIND=purchase", "__proto__=x"])
    expect((await callApi(`GET /transactions?${query}`, { key })).status).toBe(400)
})

test("a filter that no usage fits looks at 5,000 and says where to go on", async () => {
  const big = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, big)
  await giveCredits(world.db, big, big.owner, usd(900))
  for (let batch = 0; batch < 6; batch++) {
    const records = Array.from({ length: 1_000 }, (_, n) => sms(batch * 1_000 + n))
    await callApi("POST /usage", { key: apiKey, body: { records } })
  }
  // All else has an index by kind.
  expect(await list("?kind=promotion", apiKey)).toMatchObject({
    transactions: [{ seq: 1 }],
    next_cursor: null,
  })
  const pool = { teamId: big.id, id: big.owner.poolId, no: 1 }
  const filter = { maxNanos: -usd(1) }
  expect(await listTransactionsBefore(world.db, pool, { before: 6_001n, limit: 5, filter })).toEqual({
    transactions: [],
    nextBefore: 1_001n,
  })
})
