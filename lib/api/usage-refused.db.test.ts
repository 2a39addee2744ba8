import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"

const world = testApi()
let team: TestTeam
let stranger: string
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db)
  stranger = toPublicId("member", (await createTestTeam(world.db)).member.memberId)
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
  await report(key, { consumable: "sms", quantity: 1 })
})

/** Takes the body as text, because JSON.stringify would not write what some clients send. */
async function refused(text: string, path = "/usage", status = 400) {
  const before = await writtenOf(world, team.id)
  const answer = await callApi(`POST ${path}`, { key, text, headers: { "idempotency-key": "refused" } })
  expect(answer.status, text).toBe(status)
  expect(await writtenOf(world, team.id)).toEqual(before)
  return answer.json
}

const QUANTITIES = [
  ...[
    "0",
    "-1",
    "-0",
    '"-0"',
    '"NaN"',
    '"Infinity"',
    "1e309",
    "-1e309",
    "1e21",
    '"1e3"',
    "0.30000000000000004",
  ],
  ...[
    '"१२"',
    '"１００"',
    '"1,000"',
    '"0x10"',
    '"1_000"',
    '" 5 "',
    '"5\\n"',
    '""',
    '"+5"',
    '"5."',
    '".5"',
    "[]",
    "[5]",
  ],
  ...[
    '{"gt":0}',
    "{}",
    "9007199254740993",
    '"9007199254740993"',
    "9223372036854775808",
    '"9223372036854775808"',
  ],
  ...["null", "true", "false", "1.5", '"1.5"', '"0"', '"0.0"', `"${"9".repeat(5000)}"`, '"5\\u0000"'],
]

describe.each(["/usage", "/preflight", "/holds"])("a quantity for %s", (path) => {
  test.each(QUANTITIES)("%s is refused", async (text) => {
    const json = await refused(`{"consumable":"sms","quantity":${text}}`, path)
    expect(json).toMatchObject({ code: "invalid_input", field: "quantity" })
  })

  test("is needed", async () => {
    expect(await refused('{"consumable":"sms"}', path)).toMatchObject({ field: "quantity" })
  })

  test("may have the decimals of its consumable only", async () => {
    expect(await refused('{"consumable":"voice","quantity":"0.0001"}', path)).toMatchObject({
      field: "quantity",
    })
    expect(await refused('{"consumable":"voice","quantity":0.5}', path)).toMatchObject({ field: "quantity" })
  })
})

test("any other quantity is refused", async () => {
  const isFine = (value: unknown) =>
    (typeof value === "string" || typeof value === "number") && /^(0*[1-9][0-9]{0,6})$/.test(String(value))
  const before = await writtenOf(world, team.id)
  const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string(), fc.bigInt().map(String))
  await fc.assert(
    fc.asyncProperty(
      value.filter((each) => !isFine(each)),
      async (quantity) => {
        const { status } = await report(key, { consumable: "sms", quantity })
        expect(status).toBe(400)
      },
    ),
    { numRuns: 300 },
  )
  expect(await writtenOf(world, team.id)).toEqual(before)
})

test.each<[string, string, unknown]>([
  ["consumable", "consumable", "smss"],
  ["consumable of another type", "consumable", { equals: "sms" }],
  ["consumable from the prototype", "consumable", "constructor"],
  ["trigger", "trigger", "cron"],
  ["trigger of nothing", "trigger", null],
  ["user of nothing", "user", null],
  ["user", "user", "nobody@example.com"],
  ["user’s id", "user", "member_00000000000000000000000000"],
  ["id of something else", "user", "team_01m7y76adre8hs54n59w3dx90w"],
  ["inner id", "user", "01a1fc73-29ba-7223-9292-d3f461077f27"],
  ["date without time", "occurred_at", "2026-11-20"],
  ["time without offset", "occurred_at", "2026-11-20T13:40:00"],
  ["day that isn’t", "occurred_at", "2026-02-30T13:40:00Z"],
  ["hour that isn’t", "occurred_at", "2026-11-20T24:00:00Z"],
  ["number for a time", "occurred_at", 1_763_000_000],
  ["time too long ago", "occurred_at", new Date(Date.now() - 35 * DAY_MS - MINUTE_MS).toISOString()],
  ["time too far ahead", "occurred_at", new Date(Date.now() + 6 * MINUTE_MS).toISOString()],
  ["list of metadata", "metadata", []],
  ["text of metadata", "metadata", "run 5"],
  ["no metadata", "metadata", null],
  ["unknown field", "amount", "5"],
  ["team in the body", "teamId", "x"],
  ["key in the body", "key", "x"],
])("another %s is refused", async (_, field, value) => {
  const json = await refused(JSON.stringify({ consumable: "sms", quantity: 1, [field]: value }))
  expect(json).toMatchObject({ code: "invalid_input", field, errors: [{ field }] })
})

test("a member of another team is nobody of this one", async () => {
  const sent = { consumable: "sms", quantity: 1, trigger: "user", user: stranger }
  expect(await refused(JSON.stringify(sent))).toMatchObject({ code: "invalid_input", field: "user" })
  expect(await refused('{"consumable":"sms","quantity":1,"trigger":"user"}')).toMatchObject({ field: "user" })
})

test.each<[string, Record<string, unknown> | string, string]>([
  ["a list", { a: [] }, "metadata.a"],
  ["an object", { a: {} }, "metadata.a"],
  ["a long text", { a: "x".repeat(501) }, "metadata.a"],
  ["half a character", '{"a":"\\ud800"}', "metadata.a"],
  ["a NUL", '{"a":"x\\u0000"}', "metadata.a"],
  ["a number beyond all", '{"a":1e999}', "metadata.a"],
  ["a NUL in a name", '{"\\u0000":1}', "metadata"],
  ["a long name", { ["x".repeat(41)]: 1 }, "metadata"],
  ["no name", { "": 1 }, "metadata"],
  ["too many names", Object.fromEntries(Array.from({ length: 21 }, (_, n) => [n, n])), "metadata"],
  ["too much", Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n, "x".repeat(500)])), "metadata"],
])("metadata with %s is refused", async (_, metadata, field) => {
  const text = typeof metadata === "string" ? metadata : JSON.stringify(metadata)
  const json = await refused(`{"consumable":"sms","quantity":1,"metadata":${text}}`)
  expect(json).toMatchObject({ field })
})

test("everything that is wrong is named at once", async () => {
  const { errors } = await refused('{"consumable":"x","quantity":1,"trigger":1,"user":5,"foo":1,"bar":2}')
  const fields = (errors as { field: string }[]).map(({ field }) => field)
  expect(fields).toEqual(["consumable", "user", "trigger", "foo", "bar"])
})

test.each([
  ["", "missing_idempotency_key"],
  ["   ", "missing_idempotency_key"],
  ["x".repeat(256), "invalid_input"],
  ["naïve", "invalid_input"],
  ["tab\there", "invalid_input"],
])("%j is no idempotency key: %s", async (text, code) => {
  const before = await writtenOf(world, team.id)
  const { status, json } = await report(key, { consumable: "sms", quantity: 1 }, text)
  expect(status).toBe(400)
  expect(json).toMatchObject({ code, field: "Idempotency-Key" })
  expect(await writtenOf(world, team.id)).toEqual(before)
})

test("without an idempotency key nothing is charged, and the longest one is enough", async () => {
  const body = { consumable: "sms", quantity: 1 }
  expect((await callApi("POST /usage", { key, body })).json).toMatchObject({
    code: "missing_idempotency_key",
  })
  expect((await report(key, body, `${"x".repeat(254)}~`)).status).toBe(200)
})
