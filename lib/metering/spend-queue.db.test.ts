import { expect, test } from "vitest"
import { credit, readEntries, usd } from "@/dev/testing/ledger"
import { createPayingTeam, interceptedConnections, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { testDatabase } from "@/dev/testing/world"
import { Metering } from "./metering"

const world = testDatabase()
const meterings = testMetering(world)

test("a failed flush sends again only what it hasn't answered yet", async () => {
  // The Owner's pool is written from memory. The Admin's becomes low, which takes a transaction: its first fails.
  const { team, pool } = await createPayingTeam(world, usd(100))
  const nearlyLow = { teamId: team.id, poolId: team.admin.poolId }
  await credit(world.db, nearlyLow, usd(5) + SMS_NANOS)
  const sent: string[] = []
  const metering = new Metering(
    interceptedConnections(meterings.connect(), async ({ name }, run) => {
      if (name === "ledger_spend" && sent.push(name) === 2)
        throw Object.assign(new Error("connection lost"), { code: "08006" })
      return run()
    }),
  )
  const spend = (user: string) =>
    answerTo(metering, team.id, usageOf({ cause: { trigger: "user", user, apiKeyId: null } }))
  const answers = await Promise.all([spend(team.owner.email), spend(team.admin.email)])
  expect(answers).toMatchObject([{ replayed: false }, { replayed: false }])
  expect(sent).toHaveLength(3)
  for (const own of [pool, nearlyLow])
    expect((await readEntries(world.db, own)).map(({ kind }) => kind)).toEqual(["promotion", "consumption"])
})
