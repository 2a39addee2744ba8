import { expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { consume, credit, usd } from "@/dev/testing/ledger"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { readAlone } from "@/lib/db/read-together"
import { daysOf, monthSpendRead } from "./month-spend"
import { getPaid } from "./paid-rates"

const world = testDatabase()
type Usage = NonNullable<Parameters<typeof consume>[3]>

const NOW = new Date("2026-03-31T12:00:00Z")

test("this month’s top consumable and spender, of all pools, against as many days of the month before", async () => {
  const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  const { owner, member } = team
  const apiKeyId = (await createTestApiKey(world.db, team, { name: "production" })).id
  const spend = async (of: TestTeam, poolId: string, day: string, nanos: bigint, usage: Usage) => {
    await consume(world.db, { teamId: of.id, poolId }, nanos, {
      ...usage,
      occurredAt: new Date(`${day}T12:00:00Z`),
    })
  }
  for (const poolId of [owner.poolId, member.poolId])
    await credit(world.db, { teamId: team.id, poolId }, usd(10_000_000))
  await credit(world.db, { teamId: other.id, poolId: other.owner.poolId }, usd(1))
  const big = 9_007_199_254_740_993n
  const sms = { consumable: "sms" } as const
  await spend(team, owner.poolId, "2026-03-01", 50n, { ...sms, by: { apiKeyId } })
  await spend(team, owner.poolId, "2026-03-02", 500n, { ...sms, by: { trigger: "schedule" } })
  const ofMember = { trigger: "user", memberId: member.memberId } as const
  await spend(team, member.poolId, "2026-03-31", big, { consumable: "llm_tokens", by: ofMember })
  // February has fewer days: its last counts, January's last doesn't.
  const ofOwner = { ...sms, by: { trigger: "user", memberId: owner.memberId } } as const
  for (const [day, nanos] of [
    ["2026-02-28", 7n],
    ["2026-01-31", 1_000n],
    ["2026-04-01", 2_000n],
  ] as const)
    await spend(team, owner.poolId, day, nanos, ofOwner)
  await spend(other, other.owner.poolId, "2026-03-05", 3_000n, { ...sms, by: { trigger: "schedule" } })
  expect(await readAlone(world.db, monthSpendRead(team.id, NOW))).toEqual({
    nowNanos: big + 550n,
    beforeNanos: 7n,
    consumable: { code: "llm_tokens", nanos: big },
    spender: { kind: "member", id: member.memberId, name: "MEMBER of the test", nanos: big },
  })
  const paid = await getPaid(world.db, team.id, NOW)
  expect(paid.get("llm_tokens")).toEqual({ quantity: big, costNanos: big })
  // Ninety days begin on January 1st. Those of tomorrow don't count yet.
  expect(paid.get("sms")).toEqual({ quantity: 1_557n, costNanos: 1_557n })
  expect((await getPaid(world.db, team.id, new Date("2026-05-01T00:00:00Z"))).get("sms")?.quantity).toBe(
    2_557n,
  )
  // On the first, only the first of last month counts, and the key is the only one with usage.
  expect(await readAlone(world.db, monthSpendRead(team.id, new Date("2026-03-01T00:00:00Z")))).toEqual({
    nowNanos: 50n,
    beforeNanos: 0n,
    consumable: { code: "sms", nanos: 50n },
    spender: { kind: "key", id: apiKeyId, name: "production", nanos: 50n },
  })
})

test("without usage there is neither", async () => {
  const team = await createTestTeam(world.db)
  expect(await readAlone(world.db, monthSpendRead(team.id, NOW))).toEqual({
    nowNanos: 0n,
    beforeNanos: 0n,
    consumable: null,
    spender: null,
  })
})

test.each([
  ["2026-03-31T23:59:59Z", "2026-02-01", "2026-02-28"],
  ["2028-03-31T00:00:00Z", "2028-02-01", "2028-02-29"],
  ["2026-01-15T00:00:00Z", "2025-12-01", "2025-12-15"],
])("%s is compared with %s to %s", (now, firstBefore, lastBefore) => {
  expect(daysOf(new Date(now))).toMatchObject({ firstBefore, lastBefore })
})
