import fc from "fast-check"
import type { Client } from "pg"
import { expect, test } from "vitest"
import { ModelPair } from "@/dev/testing/models/model-pair"
import { MODEL_METERS } from "@/dev/testing/models/model-pool"
import { anyStep } from "@/dev/testing/models/model-steps"
import { connect } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { findLedgerFaults } from "./find-faults"

const world = testDatabase()

async function createPool(client: Client, teamId: string): Promise<{ poolId: string; version: bigint }> {
  const { rows } = await client.query<{ id: string }>(
    `WITH person AS (INSERT INTO members (team_id, user_id, role) VALUES ($1, uuidv7(), 'MEMBER') RETURNING id)
     INSERT INTO pools (team_id, member_id) SELECT $1, id FROM person RETURNING id`,
    [teamId],
  )
  const team = await client.query<{ version: string }>(
    "SELECT metering_version AS version FROM teams WHERE id = $1",
    [teamId],
  )
  return { poolId: rows[0]?.id ?? "", version: BigInt(team.rows[0]?.version ?? 0) }
}

test("random spends, reversals, purchases, refunds, disputes, holds and unpaid periods leave every pool as a model of a few lines says", async () => {
  const team = await createTestTeam(world.db)
  await world.db.meter.createMany({
    data: MODEL_METERS.map(({ consumable, decimals, rate }, index) => ({
      teamId: team.id,
      no: index + 1,
      ...{ consumable, decimals, rateNanos: rate, trigger: "api_key" },
    })),
  })
  const client = await connect(world)
  const runs = Number(process.env.MODEL_RUNS ?? 40)
  let steps = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 15, maxLength: 40 }), async (sequence) => {
        const { poolId, version } = await createPool(client, team.id)
        const pair = new ModelPair(world.db, client, { teamId: team.id, poolId }, version)
        for (const step of sequence) await pair.perform(step)
        await pair.compareFigures()
        await pair.compareAnswers()
        expect(await findLedgerFaults(world.db, team.id, poolId)).toEqual([])
        steps += sequence.length
      }),
      { numRuns: runs, endOnFailure: false },
    )
  } finally {
    await client.end()
  }
  expect(steps).toBeGreaterThan(runs * 20)
}, 600_000)
