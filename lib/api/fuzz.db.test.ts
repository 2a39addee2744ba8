import { beforeAll, expect, test } from "vitest"
import { apiRequests, type OpenApi } from "@/dev/fuzz/api-requests"
import { Luck } from "@/dev/fuzz/luck"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { api } from "./app"

/** e2e/fuzz.spec.ts sends the rest of ten thousand over HTTP. */
const REQUESTS = 9_000
const AT_ONCE = 16
/** Always the same, so that a pass stays a pass. `npm run chaos` explores others. */
const SEED = process.env.FUZZ_SEED ?? "api"
/** Methods that `Request` itself refuses. */
const IMPOSSIBLE = ["TRACE", "CONNECT"]

const world = testApi()
let key: string

beforeAll(async () => {
  const team = await createTestTeam(world.db)
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(500))
})

test("nine thousand requests that nobody should send end in no fault of ours", async () => {
  const make = apiRequests((await (await api.request("/api/v1/openapi.json")).json()) as OpenApi, key)
  const statuses = new Map<number, number>()
  const findings: string[] = []
  let next = 0
  const work = async () => {
    while (next < REQUESTS) {
      const n = next++
      const { kind, method, path, headers, body } = make(new Luck(SEED, n))
      if (IMPOSSIBLE.includes(method)) continue
      const sent = method === "GET" || method === "HEAD" ? {} : { body }
      const { status } = await api.request(path, { method, headers, ...sent })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500)
        findings.push(`#${n} ${kind} answered ${status}: ${JSON.stringify({ method, path, headers, body })}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  expect(findings, `FUZZ_SEED=${SEED}`).toEqual([])
  // Not everything stops at the door.
  for (const status of [200, 201, 400, 401, 404, 405, 415])
    expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(5)
}, 300_000)
