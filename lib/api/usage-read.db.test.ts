import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { encodeCursor } from "./cursor"
import { usageRecordsAnswer } from "./usage-records"
import { usageAnswer } from "./usage-totals"

const world = testApi()
const DAYS = 5
let team: TestTeam
let key: string
let keyId: string
let otherKey: string

/** One key reports a text a day of the Owner's and of a Member's, by two models; another key reports one of its own. */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  const made = await createTestApiKey(world.db, team)
  key = made.apiKey
  keyId = made.id
  otherKey = (await createTestApiKey(world.db, team)).apiKey
  for (const member of [team.owner, team.member]) await giveCredits(world.db, team, member, usd(5))
  const records = Array.from({ length: DAYS }, (_, n) => ({
    ...{ consumable: "sms", quantity: 1, occurred_at: new Date(Date.now() - n * DAY_MS).toISOString() },
    metadata: { model: n % 2 === 0 ? "large" : "=cmd|' /C'" },
  }))
  const ofMember = { trigger: "user", user: team.member.email }
  const sent = records.flatMap((record, n) => [
    { key: `key ${n}`, ...record },
    { key: `member ${n}`, ...record, ...ofMember, quantity: 2 },
  ])
  expect((await callApi("POST /usage", { key, body: { records: sent } })).status).toBe(200)
  await report(otherKey, { consumable: "sms", quantity: 100 })
})

async function usage(query = "", apiKey = key) {
  const { status, json } = await callApi(`GET /usage${query}`, { key: apiKey })
  expect(status, JSON.stringify(json)).toBe(200)
  return usageAnswer.parse(json)
}

async function records(query = "", apiKey = key) {
  const { status, json } = await callApi(`GET /usage/records${query}`, { key: apiKey })
  expect(status, JSON.stringify(json)).toBe(200)
  return usageRecordsAnswer.parse(json)
}

const shareOf = ({ groups }: Awaited<ReturnType<typeof usage>>) =>
  groups.map(({ id, name, cost }) => [id, name, cost])

test("a key sees what it reported itself, in whichever pool, and nothing of another", async () => {
  const member = toPublicId("member", team.member.memberId)
  expect(shareOf(await usage("?group_by=member"))).toEqual([
    [member, "MEMBER of the test", "0.12"],
    [null, "No member", "0.06"],
  ])
  expect((await usage("", otherKey)).totals).toMatchObject({ records: 1, cost: "1.20" })
  expect((await records("", otherKey)).records).toHaveLength(1)
  const stranger = await createTestTeam(world.db)
  const { apiKey } = await createTestApiKey(world.db, stranger)
  expect((await usage("?group_by=member", apiKey)).totals.records).toBe(0)
  // Another team's member is nobody here, by id as by name.
  expect((await usage(`?user=${member}`, apiKey)).buckets).toEqual([])
  expect((await records(`?user=${member}`, apiKey)).records).toEqual([])
})

test("narrowed, by run and model too, its totals are those of its records", async () => {
  for (const query of [
    "",
    "?model=large",
    `?user=${encodeURIComponent(team.member.email)}`,
    "?trigger=api_key",
  ]) {
    const { totals } = await usage(query)
    const listed = (await records(query)).records
    expect(listed).toHaveLength(totals.records)
    expect(totals.quantities).toMatchObject([
      { quantity: String(listed.reduce((sum, each) => sum + Number(each.quantity), 0)) },
    ])
  }
  expect(shareOf(await usage("?group_by=model&interval=month"))).toEqual([
    ["large", "large", "0.108"],
    ["=cmd|' /C'", "=cmd|' /C'", "0.072"],
  ])
})

test("pages of either list show each once", async () => {
  const all = await usage()
  expect(all.buckets).toHaveLength(DAYS)
  const first = await usage("?limit=3")
  const rest = await usage(`?limit=3&cursor=${first.next_cursor}`)
  expect([...first.buckets, ...rest.buckets]).toEqual(all.buckets)
  expect([rest.next_cursor, rest.totals]).toEqual([null, all.totals])

  const whole = (await records()).records
  const seen: typeof whole = []
  let cursor: string | null = null
  do {
    const page = await records(`?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`)
    seen.push(...page.records)
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(seen).toEqual(whole)
})

test("somebody who has left keeps their usage, as a former member", async () => {
  await world.db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.member.memberId } },
    data: { removedAt: new Date() },
  })
  const member = toPublicId("member", team.member.memberId)
  expect(shareOf(await usage("?group_by=member"))[0]).toEqual([member, "Former member", "0.12"])
  expect((await usage(`?user=${member}`)).totals.records).toBe(DAYS)
})

describe.each(["/usage", "/usage/records"])("GET %s refuses", (path) => {
  test.each([
    ["from=2026-11-30&to=2026-11-29", "from"],
    ["from=0000-01-01", "from"],
    ["from=2026-02-30", "from"],
    ["to=2026-11-30T00:00:00Z", "to"],
    ["from=2000-01-01&to=9999-12-31", "from"],
    ["from=2026-01-01&from=2026-01-02", "from"],
    ["consumable=gold", "consumable"],
    ["user=nobody@example.com", "user"],
    ["trigger=cron", "trigger"],
    ["model=", "model"],
    ["model=%00", "model"],
    ["run=a%00b", "run"],
    [`run=${"x".repeat(101)}`, "run"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["cursor=x", "cursor"],
    ["cursor=", "cursor"],
    ["api_key=key_x", "api_key"],
  ])("%s", async (query, field) => {
    const { json } = await callApi(`GET ${path}?${query}`, { key })
    expect([json.status, json.code, json.field]).toEqual([400, "invalid_input", field])
  })

  test("a cursor of other filters, of another key, and one that was made up", async () => {
    const { json } = await callApi(`GET ${path}?limit=1`, { key })
    const cursor = String(json.next_cursor)
    const list = [
      path.slice(1),
      team.id,
      ...(path === "/usage" ? [null, "day"] : []),
      "",
      "",
      { apiKeyId: keyId },
    ]
    const forged = [
      "",
      "a b c",
      "2026-01-01 2026-01-02 x",
      "2026-01-01 2026-01-02 2026-01-01 99999999999 1",
      "x".repeat(900),
    ]
    const asked = [
      ...[`limit=1&model=large&cursor=${cursor}`, `from=2026-11-01&cursor=${cursor}`, `cursor=${cursor}A`],
      ...forged.map((place) => `cursor=${encodeCursor(list, place)}`),
    ]
    for (const query of asked) {
      const { json } = await callApi(`GET ${path}?${query}`, { key })
      expect([json.status, json.field, json.title], query).toEqual([
        400,
        "cursor",
        "Send a cursor as you got it in next_cursor, with the same filters.",
      ])
    }
    expect((await callApi(`GET ${path}?cursor=${cursor}`, { key: otherKey })).status).toBe(400)
    expect((await callApi(`GET ${path}?limit=1&cursor=${cursor}`, { key })).status).toBe(200)
  })
})

test("an unknown group or interval, and a run with a model, are refused with a sentence", async () => {
  for (const [query, field] of [
    ["group_by=api_key", "group_by"],
    ["group_by=", "group_by"],
    ["interval=hour", "interval"],
  ])
    expect((await callApi(`GET /usage?${query}`, { key })).json).toMatchObject({ status: 400, field })
  const both = await callApi("GET /usage?group_by=run&model=large", { key })
  expect(both.json).toMatchObject({ status: 400, title: "Choose by run or by model, not by both at once." })
})
