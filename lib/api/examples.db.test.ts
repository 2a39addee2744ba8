import { beforeEach, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, type Json, report, testApi } from "@/dev/testing/metering-api"
import { buyCredits } from "@/dev/testing/pools"
import { makeThisMonth } from "@/dev/testing/statements"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { API_EXAMPLES } from "@/lib/reference/api-examples"
import type { ApiExample } from "@/lib/reference/examples/example"
import { API_PATH, API_ROUTES } from "./app"

const world = testApi()
let team: TestTeam
let key: string
/** The ids of this test, in place of the example's. */
let ids: Record<"hold" | "run" | "stm", string>

const exampleOf = (id: string) => {
  const example = API_EXAMPLES.find((each) => each.id === id)
  if (!example) throw new Error(`There is no example ${id}`)
  return example
}
const templateOf = ({ path }: ApiExample) =>
  path
    .replace(API_PATH, "")
    .replace(/\?.*/, "")
    .replace(/(hold|run|stm)_[0-9a-z]{26}/, "{id}")
const routeOf = (example: ApiExample) =>
  API_ROUTES.find(
    ({ method, path }) => method.toUpperCase() === example.method && path === templateOf(example),
  )

function send(example: ApiExample) {
  const { method, path, body, idempotencyKey } = example
  const text = JSON.stringify(body)
    ?.replace(/member_[0-9a-z]{26}/, toPublicId("member", team.member.memberId))
    .replace("2026-11-20T13:40:00Z", new Date(Date.now() - DAY_MS).toISOString())
  const real = path
    .replace(API_PATH, "")
    .replace(/(hold|run|stm)_[0-9a-z]{26}/, (_, kind: keyof typeof ids) => ids[kind])
  return callApi(`${method} ${real}`, {
    key,
    ...(text && { text }),
    headers: idempotencyKey ? { "idempotency-key": idempotencyKey } : {},
  })
}

/** Drops ids and times, which differ each time. */
function withoutChance(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/(member|pool|hold|run|key|rev|stm)_[0-9a-z]{26}/g, "$1_…")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "(time)")
    .replace(/\d{4}-\d\d-\d\d/g, "(day)")
    .replace(/"\d{4}-\d\d"/g, '"(month)"')
    .replace(/ST-\d{4}-\d\d-/g, "ST-(month)-")
    .replace(/\bpi_[\w-]+/g, "pi_…")
    .replace(/Team team-\w+/g, "Northwind Labs")
    .replaceAll("MEMBER of the test", "Lin Zhou")
  return JSON.parse(text)
}

/** The examples' team: the Owner has used up the messages and $20.00 of the period, the Member some tokens. */
beforeEach(async () => {
  team = await createTestTeam(world.db)
  key = (await createTestApiKey(world.db, team)).apiKey
  await world.db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Park" } })
  await buyCredits(world.db, team, team.owner, usd(25))
  await buyCredits(world.db, team, team.member, usd(42.18))
  await report(key, { consumable: "sms", quantity: 2_100 })
  const user = { trigger: "user", user: team.member.email }
  await report(key, { consumable: "llm_tokens", quantity: 4_990_000, ...user })
})

test("each endpoint has an example, and each example an endpoint", () => {
  const names = (list: { method: string; path: string }[]) =>
    [...new Set(list.map(({ method, path }) => `${method.toUpperCase()} ${path}`))].sort()
  const examples = API_EXAMPLES.map((example) => ({ method: example.method, path: templateOf(example) }))
  expect(names(examples)).toEqual(names(API_ROUTES))
})

test.each(API_EXAMPLES)(
  "$id: the request that the guide shows gets the answer that it shows",
  async (example) => {
    if (/balance|transactions|reversals|usage[?/]/.test(example.path)) await send(exampleOf("report-a-batch"))
    ids = { hold: "", run: "", stm: "" }
    if (example.path.includes("/statements")) ids.stm = await makeThisMonth(world.db, team)
    if (example.path.includes("/hold_"))
      ids.hold = String(((await send(exampleOf("holds"))).json.hold as Json).id)
    if (example.path.includes("/run_"))
      ids.run = String(((await send(exampleOf("agent-tasks"))).json.task as Json).id)

    const { status, json } = await send(example)
    expect(status).toBe(example.status)
    expect(withoutChance(json)).toEqual(withoutChance(example.answer))
    expect(Object.keys(json)).toEqual(Object.keys(example.answer as Json))
    const route = routeOf(example)
    expect(route?.spec.answer.status).toBe(status)
    route?.spec.answer.schema.parse(example.answer)
  },
)
