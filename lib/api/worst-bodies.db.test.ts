import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { type Json, testApi } from "@/dev/testing/metering-api"
import { createTestTeam } from "@/dev/testing/teams"
import { eventBody, sign } from "@/dev/testing/webhooks"
import { newId, toPublicId } from "@/lib/ids"
import { handleStripeWebhook } from "@/lib/web/stripe-webhook"
import { API_ROUTES, api } from "./app"

const MEGABYTE = 1_000_000
const LONGEST_ANSWER = 64 * 1024
const LONGEST_STALL_MS = 100
/** A busy machine slows some tries, never all of them. */
const TRIES = 7

const world = testApi()
let key: string

beforeAll(async () => {
  key = (await createTestApiKey(world.db, await createTestTeam(world.db))).apiKey
})

/** Fills a megabyte with the part, each copy made from its number. */
function fill(make: (n: number) => string, from = 0): string[] {
  const parts: string[] = []
  for (let size = 0, n = from; ; n++) {
    const part = make(n)
    size += part.length + 1
    if (size > MEGABYTE - 200) return parts
    parts.push(part)
  }
}

const deep = (open: string, close: string) => {
  const depth = Math.floor((MEGABYTE - 200) / (open.length + close.length))
  return open.repeat(depth) + close.repeat(depth)
}
const record = (n: number, more: string) => `{"key":"r${n}","consumable":"sms",${more}}`
const thousand = (more: (n: number) => string) =>
  `{"records":[${Array.from({ length: 1_000 }, (_, n) => record(n, more(n))).join(",")}]}`
/** As many unknown fields as leave room for a thousand records in a megabyte. */
const unknownFields = (n: number) => Array.from({ length: 90 }, (_, at) => `"${n}${at}":0`).join(",")

const WORST: Record<string, () => string> = {
  "unknown fields": () => `{${fill((n) => `"${n.toString(36)}":0`).join(",")}}`,
  "unknown fields named by control characters": () =>
    `{${fill((n) => `"\\u0001${n.toString(36)}":0`).join(",")}}`,
  "a field with a name of a megabyte": () => `{"${"x".repeat(MEGABYTE - 100)}":0}`,
  "ninety fields with long names": () =>
    `{${Array.from({ length: 90 }, (_, n) => `"${n}${"\\u0002".repeat(1_800)}":0`).join(",")}}`,
  "nested lists": () => `{"a":${deep("[", "]")}}`,
  "nested objects": () => `{"a":${deep('{"a":', "}").replace(":}", ":0}")}}`,
  "nested lists as records": () => `{"records":${deep("[", "]")}}`,
  "lists of lists": () => `{"records":[${fill(() => "[[],[]]").join(",")}]}`,
  "nothings as records": () => `{"records":[${fill(() => "0").join(",")}]}`,
  "a thousand records that are nothing": () => `{"records":[${Array(1_000).fill("null").join(",")}]}`,
  "a thousand records with unknown fields": () => thousand(unknownFields),
  "a thousand records with long keys and nothing right": () =>
    `{"records":[${Array.from({ length: 1_000 }, (_, n) => `{"key":"${String(n).padEnd(255, "x")}","consumable":"${"y".repeat(600)}","user":1}`).join(",")}]}`,
  "ten records with ninety long unknown fields named by control characters": () =>
    `{"records":[${Array.from({ length: 1_000 }, (_, n) =>
      n < 10
        ? record(n, Array.from({ length: 90 }, (_, at) => `"${"\\u0002".repeat(100)}${at}":0`).join(","))
        : "0",
    ).join(",")}]}`,
  "a thousand records with metadata of texts": () =>
    thousand(() => `"quantity":0,"metadata":{"a":"${"z".repeat(900)}"}`),
  "a text of a megabyte everywhere": () => {
    const text = `"${"9".repeat(Math.floor(MEGABYTE / 9))}"`
    const names = ["title", "consumable", "quantity", "user", "trigger", "metadata", "occurred_at", "outcome"]
    return `{${names.map((name) => `"${name}":${text}`).join(",")}}`
  },
  "a number of a megabyte": () => `{"quantity":${"9".repeat(MEGABYTE - 100)}}`,
  "escapes that end in the middle": () => `{"title":"${"\\u0000".repeat(160_000)}`,
  "no JSON": () => "{".repeat(MEGABYTE),
}

async function cost(send: () => Promise<Response>): Promise<{ ms: number; status: number; length: number }> {
  // Processor time, because a busy machine makes everything late.
  const before = process.cpuUsage()
  const answer = await send()
  const { byteLength } = await answer.arrayBuffer()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1_000, status: answer.status, length: byteLength }
}

/** Sends it until it was cheap once. Fails if it never is. */
async function expectCheap(send: () => Promise<Response>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let status = 0
  for (let attempt = 0; attempt < TRIES && least > LONGEST_STALL_MS; attempt++) {
    const { ms, length, ...answer } = await cost(send)
    expect(length).toBeLessThan(LONGEST_ANSWER)
    least = Math.min(least, ms)
    status = answer.status
  }
  expect(least).toBeLessThan(LONGEST_STALL_MS)
  return status
}

const ask = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  Promise.resolve(
    api.request(`/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
        ...headers,
      },
      body,
    }),
  )

const pathOf = (path: string) =>
  path.replace("{id}", toPublicId(path.startsWith("/agent") ? "run" : "hold", newId()))

describe.each(Object.entries(WORST))("a megabyte of %s", (_, make) => {
  test("is refused by every endpoint in a moment and a few words", async () => {
    const body = make()
    expect(body.length).toBeLessThanOrEqual(1024 * 1024)
    for (const { method, path } of API_ROUTES) {
      if (method === "get") continue
      const status = await expectCheap(() => ask("POST", pathOf(path), body))
      // A batch of wrong records is answered record by record. An endpoint without a body doesn't read one.
      expect([200, 400, 404], path).toContain(status)
      if (status === 200) expect(path).toBe("/usage")
    }
  })

  test("that Stripe didn’t sign is refused, and what it did sign is read in a moment", async () => {
    const body = make()
    const post = (signature: string, text: string) =>
      handleStripeWebhook(
        new Request("http://localhost/api/webhooks/stripe", {
          method: "POST",
          headers: { "stripe-signature": signature },
          body: text,
        }),
      )
    expect(await expectCheap(() => post("t=1,v1=00", body))).toBe(400)
    expect(await expectCheap(() => post(sign(body), body))).toBe(400)
    const event = eventBody({ id: "evt_small" })
    expect((await post(sign(event), event)).status).toBe(200)
  })
})

const QUERIES: Record<string, () => string> = {
  "one name many times": () => fill(() => "kind=purchase").join("&"),
  "many names": () => fill((n) => `n${n}=1`).join("&"),
  "a long cursor": () => `cursor=${"A".repeat(MEGABYTE)}`,
  "a long time": () => `from=${"2".repeat(MEGABYTE)}`,
  "a long limit": () => `limit=${"1".repeat(MEGABYTE)}`,
  "broken escapes": () => `user=${"%".repeat(MEGABYTE)}`,
  "a hundred of one name": () => Array(101).fill("kind=x").join("&"),
}

test.each(Object.entries(QUERIES))("a query of %s is refused by every endpoint", async (_, make) => {
  for (const { method, path, spec } of API_ROUTES) {
    if (method === "post" && spec.body) continue
    const status = await expectCheap(() => ask(method.toUpperCase(), `${pathOf(path)}?${make()}`))
    expect(status, path).toBe(400)
  }
})

test.each([
  [`cursor=${"A".repeat(4_000)}`, "The query may have at most 4,000 characters."],
  [Array(101).fill("kind=x").join("&"), "The query may have at most 100 parameters."],
])("too much of a query is refused before any of it is read", async (query, title) => {
  const answer = await ask("GET", `/transactions?${query}`)
  expect(await answer.json()).toMatchObject({ status: 400, code: "invalid_input", title })
})

test.each([
  ["idempotency key", { "idempotency-key": "k".repeat(MEGABYTE) }],
  ["key", { authorization: `Bearer ck_${"0".repeat(MEGABYTE)}` }],
  ["request id", { "x-request-id": "i".repeat(MEGABYTE) }],
  ["type", { "content-type": `application/json${" ".repeat(MEGABYTE)}` }],
])("a long %s is cheap", async (_, headers) => {
  const body = JSON.stringify({ consumable: "sms", quantity: 1 })
  await expectCheap(() => ask("POST", "/usage", body, headers))
})

test("twenty of a hundred problems are named, and the others are counted", async () => {
  const fields = Object.fromEntries(Array.from({ length: 98 }, (_, n) => [`f${n}`, 0]))
  const body = JSON.stringify({ consumable: "sms", quantity: 1, ...fields })
  const problem = (await (await ask("POST", "/usage", body)).json()) as Json
  expect(problem.title).toBe('There is no field "f0" here. Problems not listed: 78.')
  expect(problem.errors).toHaveLength(20)
})

test.each<[string, unknown, string]>([
  [
    "a field too many",
    { more: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [n, 0])) },
    "100 fields",
  ],
  ["an item too many", { list: Array(2_001).fill(0) }, "2,000 items"],
  ["a level too many", { a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } }, "8 deep"],
  ["a value too many", { lists: Array(50).fill(Array(1_002).fill(0)) }, "50,000 values"],
])("%s is refused before anything is read", async (_, body, words) => {
  const problem = (await (await ask("POST", "/usage", JSON.stringify(body))).json()) as Json
  expect(problem).toMatchObject({ status: 400, code: "invalid_input" })
  expect(problem.title).toContain(words)
  expect(problem).not.toHaveProperty("field")
})

test("as much as is allowed is read, and what stands in texts isn’t counted", async () => {
  const fields = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, 0]))
  const within = {
    ...fields,
    f99: { a: { b: { c: { d: { e: { f: { g: 0 } } } } } } },
    f98: Array(2_000).fill('[{,\\"'),
  }
  const problem = (await (await ask("POST", "/usage", JSON.stringify(within))).json()) as Json
  expect(problem).toMatchObject({ field: "consumable" })
})

test("after ten errors a batch says the rest in short, and leaves none out", async () => {
  const far = { consumable: "storage", quantity: 1_000_000 }
  const records = Array.from({ length: 40 }, (_, n) => ({
    key: `b${n}`,
    ...far,
    ...(n % 2 && { quantity: 0 }),
  }))
  const answer = await ask("POST", "/usage", JSON.stringify({ records }))
  const { results } = (await answer.json()) as { results: Json[] }
  const refused = { status: 403, code: "insufficient_credits", retryable: false }
  for (const [n, result] of results.entries()) {
    if (n < 10) expect(result).toMatchObject({ key: `b${n}`, title: expect.any(String) })
    else expect(result).toEqual(n % 2 ? { key: null, status: 400 } : { key: `b${n}`, ...refused })
  }
  expect(results).toHaveLength(40)
})
