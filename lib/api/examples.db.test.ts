import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/e2e/testing/api-keys"
import { usd } from "@/e2e/testing/ledger"
import { callApi, testApi } from "@/e2e/testing/metering-api"
import { giveCredits } from "@/e2e/testing/pools"
import { createTestTeam, type TestTeam } from "@/e2e/testing/teams"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { API_EXAMPLES } from "@/lib/reference/api-examples"
import { receiptAnswer } from "./answers"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db)
  key = (await createTestApiKey(world.db, team)).apiKey
  for (const member of [team.owner, team.member]) await giveCredits(world.db, team, member, usd(5_000))
})

test.each(API_EXAMPLES)("what the guide shows of $path ($id) is accepted", async (example) => {
  const { method, path, body, idempotencyKey, answer } = example
  const sent = JSON.stringify(body)
    ?.replace(/member_[0-9a-z]{26}/, toPublicId("member", team.member.memberId))
    .replace(/2026-11-20T13:40:00Z/, new Date(Date.now() - DAY_MS).toISOString())
  const { status, json } = await callApi(`${method} ${path.replace("/api/v1", "")}`, {
    key,
    ...(sent && { text: sent }),
    headers: idempotencyKey ? { "idempotency-key": idempotencyKey } : {},
  })
  expect([200, 201]).toContain(status)
  for (const result of (json.results as { status: number }[] | undefined) ?? [])
    expect(result.status).toBe(200)
  if (answer) expect(Object.keys(receiptAnswer.parse(answer))).toEqual(Object.keys(json))
})
