import type { APIRequestContext } from "@playwright/test"
import { expect } from "@playwright/test"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { giveCredits } from "@/dev/testing/pools"
import type { TestTeam } from "@/dev/testing/teams"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { MeteringClient } from "../metering-client"

/** Gives a team two weeks of usage, reported as a customer does: by its Owner, by its Member and by a key of that name. */
export async function reportTwoWeeks(
  { db, request }: { db: Db; request: APIRequestContext },
  team: TestTeam,
  keyName = "production",
): Promise<{ keyId: string }> {
  for (const member of [team.owner, team.member]) await giveCredits(db, team, member, 500n * NANOS_PER_USD)
  const { apiKey, id } = await createTestApiKey(db, team, { name: keyName })
  const client = new MeteringClient(request, apiKey)
  const records = Array.from({ length: 14 }, (_, n) => {
    const base = {
      occurred_at: new Date(Date.now() - n * DAY_MS).toISOString(),
      metadata: { model: n % 3 === 0 ? "large" : "small", run: `nightly ${Math.floor(n / 4)}` },
    }
    const of = (consumable: string, quantity: number, more = {}) => ({
      ...{ key: crypto.randomUUID(), consumable, quantity },
      ...base,
      ...more,
    })
    const by = ({ email }: { email: string }) => ({ trigger: "user", user: email })
    return [
      of("llm_tokens", 150_000 + ((n * 7_919) % 11) * 90_000),
      of("llm_tokens", 400_000 + ((n * 104_729) % 7) * 40_000, by(team.member)),
      of("sms", 20 + ((n * 31) % 9) * 12, by(team.owner)),
      of("voice", 3 + (n % 4)),
    ]
  }).flat()
  const answer = await client.ask("POST", "/usage", { data: { records } })
  const results = answer.json.results as { status: number }[]
  expect(
    results.map(({ status }) => status),
    JSON.stringify(results[0]),
  ).toEqual(records.map(() => 200))
  return { keyId: id }
}
