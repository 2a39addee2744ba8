import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { PoolFigures } from "@/lib/money/figures"
import { isDebt } from "@/lib/money/usd"
import type { PoolRef } from "./transactions"

type Totals = { lifetimeAddedNanos: bigint; lifetimeSpentNanos: bigint }

/** Reads only the few entries that aren't usage. The pool itself keeps what was added and spent. */
export async function getFigures(db: Db, pool: PoolRef & Totals): Promise<PoolFigures> {
  const rows = await db.$queryRaw<{ kind: string; nanos: bigint }[]>`
    SELECT kind::text AS kind, sum(amount_nanos)::bigint AS nanos FROM entries
    WHERE team_id = ${pool.teamId}::uuid AND pool_no = ${pool.no} AND cause_id IS NOT NULL AND bucket = 'credits'
      AND kind <> 'consumption'
      AND kind IN ('promotion', 'refund', 'dispute', 'dispute_reversal', 'expiry', 'transfer', 'adjustment')
    GROUP BY kind`
  const sums = new Map(rows.map(({ kind, nanos }) => [kind, nanos]))
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

/** Returns what last brought a pool below zero. Null when it isn't below, or something else did. */
export async function getDebtCause(
  db: Db,
  pool: PoolRef & { balanceNanos: bigint },
): Promise<"refund" | "dispute" | null> {
  if (!isDebt(pool.balanceNanos)) return null
  const last = await db.entry.findFirst({
    where: {
      teamId: pool.teamId,
      poolNo: pool.no,
      bucket: "credits",
      kind: { in: ["refund", "dispute"] },
      balanceAfterNanos: { lt: 0n },
    },
    orderBy: { seq: "desc" },
    select: { kind: true },
  })
  if (!last) return null
  return last.kind === "dispute" ? "dispute" : "refund"
}

/** The days of usage that the pace is based on. */
const PACE_DAYS = 14

/** Returns a pool's spending of credits per day, from two weeks of usage. Null when there was none. */
export async function getDailySpend(db: Db, pool: PoolRef, now: Date): Promise<bigint | null> {
  const since = new Date(now.getTime() - PACE_DAYS * DAY_MS)
  const [row] = await db.$queryRaw<{ spent: bigint | null; first_day: Date | null }[]>`
    SELECT sum(credits_nanos)::bigint AS spent, min(day)::timestamp AT TIME ZONE 'UTC' AS first_day FROM usage_days
    WHERE team_id = ${pool.teamId}::uuid AND pool_id = ${pool.id}::uuid AND day >= (${since} AT TIME ZONE 'UTC')::date
      AND credits_nanos > 0`
  if (!row?.spent || !row.first_day) return null
  // At least a day, so that the first busy hour doesn't count as the pace of a whole day.
  const windowMs = Math.max(now.getTime() - Math.max(row.first_day.getTime(), since.getTime()), DAY_MS)
  return (row.spent * BigInt(DAY_MS)) / BigInt(windowMs)
}
