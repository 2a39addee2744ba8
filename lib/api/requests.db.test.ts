import { beforeAll, describe, expect, test, vi } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, testApi, writtenOf } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { UnavailableError } from "@/lib/errors"
import { log } from "@/lib/log"
import { metering } from "./metering"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db)
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(5))
})

const GOOD = '{"consumable":"sms","quantity":1}'

async function send(text: BodyInit, headers: Record<string, string> = {}, path = "/usage") {
  const before = await writtenOf(world, team.id)
  const answer = await callApi(`POST ${path}`, {
    key,
    text,
    headers: { "idempotency-key": crypto.randomUUID(), ...headers },
  })
  if (answer.status >= 400) expect(await writtenOf(world, team.id)).toEqual(before)
  return answer
}

const stream = (...parts: string[]) =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
      controller.close()
    },
  })

describe("a body", () => {
  test.each([
    "",
    "{",
    "nonsense",
    `${GOOD} x`,
    `${GOOD}${GOOD}`,
    "[1]",
    "null",
    '"text"',
    "5",
    "{'a':1}",
    "\u0000",
  ])("%j is not one JSON object", async (text) => {
    expect((await send(text)).json).toMatchObject({ status: 400, code: "invalid_input" })
  })

  test("may begin with a byte order mark and must be UTF-8", async () => {
    expect((await send(`\ufeff${GOOD}`)).status).toBe(200)
    expect((await send(Buffer.from([0x7b, 0xff, 0x7d]))).status).toBe(400)
  })

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ])("of the type %j is refused", async (type) => {
    expect((await send(GOOD, { "content-type": type })).json).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    })
  })

  test("of JSON in another encoding is refused, in UTF-8 it is not", async () => {
    expect((await send(GOOD, { "content-encoding": "gzip" })).status).toBe(415)
    expect((await send(GOOD, { "content-type": "application/json; charset=utf-16" })).status).toBe(415)
    expect((await send(GOOD, { "content-type": 'Application/JSON;charset="UTF-8"' })).status).toBe(200)
  })

  test("beyond 1 MiB is refused, whatever its declared length and whatever comes after the JSON", async () => {
    const long = `{"records":["${"x".repeat(1_048_576)}"]}`
    const trailing = [GOOD, " ".repeat(1_048_576)]
    const bodies: [BodyInit, Record<string, string>][] = [
      [long, {}],
      [trailing.join(""), { "content-length": "33" }],
      [stream(...trailing), {}],
      [stream(...trailing), { "content-length": "33" }],
      [GOOD, { "content-length": "1048577" }],
    ]
    for (const [body, headers] of bodies)
      expect((await send(body, headers)).json).toMatchObject({ status: 413, code: "payload_too_large" })
  })

  test("with a name twice counts the last, and names of the prototype change nothing", async () => {
    expect((await send('{"quantity":0,"consumable":"sms","quantity":1}')).json).toMatchObject({
      replayed: false,
    })
    for (const name of ["__proto__", "constructor", "toString"]) {
      await send(`{"consumable":"sms","quantity":1,"${name}":{"quantity":5,"isAdmin":true}}`)
      expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
    }
  })
})

describe("an address", () => {
  test.each([
    "/",
    "",
    "/usage/",
    "/Usage",
    "/usage/x",
    "//usage",
    "/balance;x",
    "/holds//release",
    "/%75sage/x",
    "/.env",
  ])("%j isn’t one of the API’s", async (path) => {
    expect((await callApi(`GET ${path}`, { key })).json).toMatchObject({ status: 404, code: "not_found" })
  })

  test.each([
    ["PUT /usage", "POST, GET, HEAD, OPTIONS"],
    ["GET /usage/reversals", "POST, OPTIONS"],
    ["DELETE /balance", "GET, HEAD, OPTIONS"],
    ["POST /transactions", "GET, HEAD, OPTIONS"],
    ["PATCH /holds/x/capture", "POST, OPTIONS"],
    ["PUT /openapi.json", "GET, HEAD, OPTIONS"],
  ])("%s is another method than it answers", async (call, allow) => {
    const answer = await callApi(call, { key })
    expect([answer.status, answer.json.code]).toEqual([405, "method_not_allowed"])
    expect(answer.headers.get("allow")).toBe(allow)
  })

  test("says its methods when asked, and nothing to other origins", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" }
    const answer = await callApi("OPTIONS /usage/reversals", { headers })
    expect([answer.status, answer.headers.get("allow")]).toEqual([204, "POST, OPTIONS"])
    const read = await callApi("GET /balance", { key, headers })
    for (const { headers: sent } of [answer, read])
      expect([...sent.keys()].filter((name) => name.startsWith("access-control"))).toEqual([])
  })

  test("answers HEAD as GET without the body", async () => {
    const answer = await callApi("HEAD /balance", { key })
    expect([answer.status, answer.json]).toEqual([200, {}])
    expect((await callApi("HEAD /balance")).status).toBe(401)
    expect((await callApi("HEAD /usage/reversals")).status).toBe(405)
  })

  test("of a query that the endpoint doesn’t know is refused", async () => {
    expect((await send(GOOD, {}, "/usage?user=a@b.c")).json).toMatchObject({ status: 400, field: "user" })
  })
})

test("a request’s own id is kept if it is harmless", async () => {
  const idOf = async (id: string) =>
    (await callApi("GET /balance", { key, headers: { "x-request-id": id } })).headers.get("x-request-id")
  expect(await idOf("run-7431.step:2_a")).toBe("run-7431.step:2_a")
  for (const id of ["x".repeat(101), "a b", '"', "<script>", "ü"])
    expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/)
})

describe("a fault", () => {
  test("is logged once by its request id, without what was sent, and told to nobody", async () => {
    const logged = vi.spyOn(log(), "error").mockImplementation(() => undefined)
    vi.spyOn(metering(), "spend").mockRejectedValue(
      Object.assign(new Error("A bug"), { detail: "secret row", code: "22P05" }),
    )
    const { status, json } = await send(GOOD)
    vi.restoreAllMocks()
    expect([status, json.code]).toEqual([500, "internal_error"])
    expect(json.title).toBe("Something went wrong on our side. Try again in a moment.")
    expect(logged).toHaveBeenCalledOnce()
    const text = JSON.stringify(logged.mock.calls)
    expect(text).toContain(String(json.request_id))
    for (const secret of [key, "secret row", "sms"]) expect(text).not.toContain(secret)
  })

  test("that will pass says when to come again, also for a batch", async () => {
    const logged = vi.spyOn(log(), "error").mockImplementation(() => undefined)
    vi.spyOn(metering(), "spend").mockRejectedValue(new UnavailableError("The ledger can’t be reached."))
    const batch = JSON.stringify({ records: [{ key: "a", consumable: "sms", quantity: 1 }, { key: "b" }] })
    const answers = [await send(GOOD), await send(batch)]
    expect(logged).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    for (const { status, json, headers } of answers) {
      expect([status, json.code, headers.get("retry-after")]).toEqual([503, "unavailable", "2"])
    }
  })
})
