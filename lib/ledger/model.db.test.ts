import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import type { TestPool } from "@/e2e/testing/ledger"
import { connect } from "@/e2e/testing/sql"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"

const world = testDatabase()
const START = Date.UTC(2026, 0, 1)

/** A ledger of one pool in a few lines, to hold the real one against. Time is a day number. */
class ModelPool {
  lots: { rank: number; expires: number; left: bigint; isIncluded: boolean }[] = []

  credit(isIncluded: boolean, amount: bigint, expires: number): void {
    this.lots.push({ rank: isIncluded ? 10 : 20, expires, left: amount, isIncluded })
  }

  consume(amount: bigint, day: number): boolean {
    const usable = this.lots
      .filter((lot) => lot.expires > day)
      // The sort is stable, so that of equals the oldest is first.
      .sort((a, b) => a.rank - b.rank || (a.expires === b.expires ? 0 : a.expires - b.expires))
    if (usable.reduce((sum, lot) => sum + lot.left, 0n) < amount) return false
    let rest = amount
    for (const lot of usable) {
      const isEnough = lot.left >= rest
      const drawn = isEnough ? rest : lot.left
      lot.left -= drawn
      rest -= drawn
    }
    return true
  }

  sum(isIncluded: boolean): bigint {
    return this.lots.reduce((sum, lot) => sum + (lot.isIncluded === isIncluded ? lot.left : 0n), 0n)
  }
}

const amount = fc.oneof(
  fc.bigInt({ min: 1n, max: 50n }),
  fc.bigInt({ min: 1n, max: 10_000_000_000n }),
  fc.constant(1_000_000_000_000_000n),
)
const step = fc.oneof(
  fc.record({
    do: fc.constant("credit" as const),
    amount,
    isIncluded: fc.boolean(),
    expires: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(Number.POSITIVE_INFINITY)),
  }),
  fc.record({ do: fc.constant("consume" as const), amount, day: fc.integer({ min: 0, max: 30 }) }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const dateOf = (day: number) => (Number.isFinite(day) ? new Date(START + day * 86_400_000) : null)

test("300 random sequences of credits and charges end as a model of a few lines says", async () => {
  const team = await createTestTeam(world.db)
  const client = await connect(world)
  const perform = async (pool: TestPool, model: ModelPool, each: Step) => {
    if (each.do === "credit") {
      model.credit(each.isIncluded, each.amount, each.expires)
      const [kind, grantKind, rank] = each.isIncluded
        ? ["included_grant", "included", 10]
        : ["promotion", "promotion", 20]
      await client.query("SELECT * FROM ledger_credit($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)", [
        ...[pool.teamId, pool.poolId, kind, grantKind, rank, each.amount, randomUUID()],
        ...[dateOf(0), dateOf(each.expires)],
      ])
      return
    }
    const expected = model.consume(each.amount, each.day)
    const { rows } = await client.query<{ enough: boolean }>(
      "SELECT enough FROM ledger_consume($1, $2, $3, $4, $5, NULL)",
      [pool.teamId, pool.poolId, each.amount, randomUUID(), dateOf(each.day)],
    )
    expect(rows[0]?.enough).toBe(expected)
  }
  const compare = async (pool: TestPool, model: ModelPool) => {
    const { rows } = await client.query<{ included: string; credits: string; left: string[] }>(
      `SELECT p.included_nanos AS included, p.credits_nanos AS credits,
         (SELECT coalesce(array_agg(g.remaining_nanos::text ORDER BY g.id), '{}') FROM grants g WHERE g.pool_id = p.id) AS left
       FROM pools p WHERE p.team_id = $1 AND p.id = $2`,
      [pool.teamId, pool.poolId],
    )
    expect(rows[0]).toEqual({
      included: String(model.sum(true)),
      credits: String(model.sum(false)),
      left: model.lots.map(({ left }) => String(left)),
    })
  }
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        await client.query("BEGIN")
        const { rows } = await client.query<{ id: string }>(
          `WITH person AS (INSERT INTO members (team_id, user_id, role) VALUES ($1, uuidv7(), 'MEMBER') RETURNING id)
           INSERT INTO pools (team_id, member_id) SELECT $1, id FROM person RETURNING id`,
          [team.id],
        )
        const pool = { teamId: team.id, poolId: rows[0]?.id ?? "" }
        const model = new ModelPool()
        try {
          for (const each of steps) await perform(pool, model, each)
          await compare(pool, model)
          await client.query("COMMIT")
        } catch (error) {
          await client.query("ROLLBACK")
          throw error
        }
      }),
      { numRuns: 300 },
    )
  } finally {
    await client.end()
  }
})
