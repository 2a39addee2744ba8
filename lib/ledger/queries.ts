import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Read, readAlone } from "@/lib/db/read-together"
import type { PoolFigures } from "@/lib/money/figures"
import { isDebt } from "@/lib/money/usd"
import type { PoolRef } from "./transactions"

type Totals = { lifetimeAddedNanos: bigint; lifetimeSpentNanos: bigint }

/** Reads only the few entries that aren't usage. The pool itself keeps what was added and spent. */
export const figuresRead = (pool: PoolRef & Totals): Read<PoolFigures> => ({
  rows: Prisma.sql`
    SELECT kind::text AS kind, sum(amount_nanos)::text AS nanos FROM entries
    WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND cause_id IS NOT NULL AND bucket = 'credits'
      AND kind <> 'consumption'
      AND kind IN ('promotion', 'refund', 'dispute', 'dispute_reversal', 'expiry', 'transfer', 'adjustment')
    GROUP BY kind`,
  toValue: (rows: { kind: string; nanos: string }[]) => toFigures(pool, rows),
})

export const getFigures = (db: Db, pool: PoolRef & Totals) => readAlone(db, figuresRead(pool))

function toFigures(pool: Totals, rows: { kind: string; nanos: string }[]): PoolFigures {
  const sums = new Map(rows.map(({ kind, nanos }) => [kind, BigInt(nanos)]))
  const sum = (kind: string) => sums.get(kind) ?? 0n
  return {
    addedNanos: pool.lifetimeAddedNanos,
    givenNanos: sum("promotion"),
    spentNanos: pool.lifetimeSpentNanos,
    takenBackNanos: -(sum("refund") + sum("dispute") + sum("dispute_reversal")),
    hasDisputes: sums.has("dispute"),
    expiredNanos: -sum("expiry"),
    transferredNanos: sum("transfer"),
    adjustedNanos: sum("adjustment"),
  }
}

/**
 * Reads what last brought a pool below zero. Null for a pool that isn't below, whose value is null then as well, and for
 * one that something else brought there.
 */
export const debtCauseRead = (
  pool: PoolRef & { balanceNanos: bigint },
): Read<"refund" | "dispute" | null> | null =>
  isDebt(pool.balanceNanos)
    ? {
        rows: Prisma.sql`
          SELECT kind FROM entries
          WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND bucket = 'credits'
            AND kind IN ('refund', 'dispute') AND balance_after_nanos < 0
          ORDER BY seq DESC LIMIT 1`,
        toValue: ([last]: { kind: "refund" | "dispute" }[]) => last?.kind ?? null,
      }
    : null
