import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { API_ERRORS, type ErrorCode } from "@/lib/reference/errors"
import { exampleOf } from "@/lib/reference/example-of"
import { INSUFFICIENT_CREDITS_EXAMPLE } from "@/lib/reference/insufficient-credits"
import { answerError } from "./answer"
import { RateLimitedError } from "./errors"
import { creditsProblemAnswer, problemAnswer } from "./openapi"

const world = testApi()
const usage = { consumable: "llm_tokens", quantity: 18250 }
const headers = { "idempotency-key": "run-7431-step-2" }
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
})

/** One request per error that provokes it. */
const provoke: Record<Exclude<ErrorCode, "insufficient_credits">, () => Promise<Json>> = {
  invalid_input: async () => (await report(key, { ...usage, quantity: "18,250" })).json,
  missing_idempotency_key: async () => (await callApi("POST /usage", { key, body: usage })).json,
  unauthenticated: async () => (await callApi("POST /usage", { body: usage, headers })).json,
  forbidden: async () => {
    const { apiKey } = await createTestApiKey(world.db, team, { scopes: ["balance:read"] })
    return (await callApi("POST /usage", { key: apiKey, body: usage, headers })).json
  },
  not_found: async () => (await callApi("GET /holds/hold_01m7yby6eye01ve0m1grtthvk6", { key })).json,
  method_not_allowed: async () => (await callApi("PUT /usage", { key, body: usage, headers })).json,
  conflict: async () => {
    const opened = await callApi("POST /holds", { key, body: { consumable: "email", quantity: 1 } })
    const path = `/holds/${(opened.json.hold as Json).id}`
    await callApi(`POST ${path}/release`, { key })
    return (await callApi(`POST ${path}/capture`, { key, body: { quantity: 1 } })).json
  },
  idempotency_key_reused: async () => {
    await report(key, usage, "run-7431-step-2")
    return (await report(key, { ...usage, quantity: 18_251 }, "run-7431-step-2")).json
  },
  payload_too_large: async () =>
    (await callApi("POST /usage", { key, text: " ".repeat(1024 * 1024 + 1), headers })).json,
  unsupported_media_type: async () => {
    const type = { "content-type": "application/x-www-form-urlencoded" }
    return (await callApi("POST /usage", { key, text: "quantity=1", headers: { ...headers, ...type } })).json
  },
  reversal_refused: async () => {
    await report(key, usage, "reversed")
    const body = { key: "reversed", reason: "Metered twice" }
    for (const each of ["first", "second"]) {
      const sent = { key, body, headers: { "idempotency-key": each } }
      const { status, json } = await callApi("POST /usage/reversals", sent)
      if (status !== 200) return json
    }
    throw new Error("It was reversed twice")
  },
  rate_limited: () => documentOf(new RateLimitedError(12, {})),
  internal_error: () => documentOf(new Error("Nobody foresaw this")),
  unavailable: () => documentOf(Object.assign(new Error(), { code: "ECONNREFUSED" })),
}

async function documentOf(error: unknown): Promise<Json> {
  const answer = answerError(error, new Request("http://localhost/api/v1/usage"), "a-request")
  return (await answer.json()) as Json
}

/** Drops ids and times, which differ each time. */
function withoutChance(problem: unknown): Json {
  const text = JSON.stringify({ ...(problem as Json), request_id: "…" })
    .replace(/(member|pool|hold|run)_[0-9a-z]{26}/g, "$1_…")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "(time)")
  return JSON.parse(text) as Json
}

test.each(API_ERRORS.filter(({ code }) => code !== "insufficient_credits"))(
  "the page about $code shows what the API answers",
  async (error) => {
    const code = error.code as keyof typeof provoke
    const json = await provoke[code]()
    const example = exampleOf(error)
    expect(withoutChance(json)).toEqual(withoutChance(example))
    expect(Object.keys(json)).toEqual(Object.keys(example))
    problemAnswer.parse(example)
  },
)

test("the page about credits shows what a scheduled run gets that the Owner’s pool can’t pay for", async () => {
  const broke = await createTestTeam(world.db, { plan: "free" })
  await world.db.user.update({ where: { id: broke.owner.userId }, data: { name: "Ada Park" } })
  await world.db.team.update({ where: { id: broke.id }, data: { slug: "northwind-labs" } })
  const { apiKey } = await createTestApiKey(world.db, broke)
  await giveCredits(world.db, broke, broke.owner, usd(0.12))
  await report(apiKey, { consumable: "sms", quantity: 10 })
  const estimate = { consumable: "agent_compute", quantity: "1.2" }
  const body = { title: "Nightly report", trigger: "schedule", estimate }
  const { json } = await callApi("POST /agent/tasks", { key: apiKey, body })
  const example = { ...INSUFFICIENT_CREDITS_EXAMPLE }
  example.top_up_url = example.top_up_url.replace("https://credits.example.com", "http://localhost:3000")
  expect(withoutChance(json)).toEqual(withoutChance(example))
  creditsProblemAnswer.parse(example)
})
