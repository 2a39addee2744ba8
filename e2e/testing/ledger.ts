import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import { type ConsumptionPosting, type CreditPosting, postConsumption, postCredit } from "@/lib/ledger/post"
import { NANOS_PER_USD } from "@/lib/money/usd"
import type { Sql } from "./sql"

export type TestPool = { teamId: string; poolId: string }

export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 100)) * (NANOS_PER_USD / 100n)

/** Adds credits in a transaction of their own. Given as a promotion unless told otherwise, because that needs no payment. */
export function credit(db: Db, pool: TestPool, amountNanos: bigint, more: Partial<CreditPosting> = {}) {
  return db.$transaction((tx) =>
    postCredit(tx, {
      ...pool,
      source: "promotion",
      amountNanos,
      causeId: randomUUID(),
      occurredAt: new Date(),
      ...more,
    }),
  )
}

export function consume(db: Db, pool: TestPool, amountNanos: bigint, more: Partial<ConsumptionPosting> = {}) {
  return db.$transaction((tx) =>
    postConsumption(tx, {
      ...pool,
      amountNanos,
      causeId: randomUUID(),
      occurredAt: new Date(),
      ...more,
    }),
  )
}

export async function readPool(db: Db, { teamId, poolId }: TestPool) {
  return db.pool.findUniqueOrThrow({ where: { teamId_id: { teamId, id: poolId } } })
}

/** What is left of each grant of the pool, in the order in which usage draws it. */
export async function readGrants(db: Db, { teamId, poolId }: TestPool) {
  const grants = await db.grant.findMany({
    where: { teamId, poolId },
    orderBy: [{ priority: "asc" }, { expiresAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
  })
  return grants.map(({ kind, remainingNanos }) => ({ kind, remainingNanos }))
}

/** Takes money back as a refund does: what the grants no longer hold becomes debt. Inside a transaction. */
export async function refund(sql: Sql, { teamId, poolId }: TestPool, amountNanos: bigint): Promise<void> {
  const [pool] = await sql(
    "SELECT last_seq, credits_nanos, debt_nanos FROM pools WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE",
    [teamId, poolId],
  )
  const balance = BigInt(String(pool?.credits_nanos))
  const left = balance + BigInt(String(pool?.debt_nanos))
  const fromGrants = left < amountNanos ? left : amountNanos
  await sql("UPDATE pools SET debt_nanos = debt_nanos + $3 WHERE team_id = $1 AND id = $2", [
    teamId,
    poolId,
    amountNanos - fromGrants,
  ])
  // The tests that refund have one grant of credits.
  await sql(
    "UPDATE grants SET remaining_nanos = remaining_nanos - $3 WHERE team_id = $1 AND pool_id = $2 AND kind <> 'included' AND remaining_nanos >= $3 AND $3 > 0",
    [teamId, poolId, fromGrants],
  )
  await sql(
    `INSERT INTO entries (team_id, pool_id, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id, occurred_at)
     VALUES ($1, $2, $3, 'credits', 'refund', $4, $5, $6, now())`,
    [teamId, poolId, BigInt(String(pool?.last_seq)) + 1n, -amountNanos, balance - amountNanos, randomUUID()],
  )
}
