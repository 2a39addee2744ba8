import type { Db } from "@/lib/db/client"
import { beginOf, type Month, monthOf } from "./month"
import {
  type Balance,
  MOVEMENTS,
  type PaymentLine,
  type Statement,
  type StatementHead,
  type StatementPool,
  sumBalances,
  type UsedLine,
} from "./statement"

/** A statement in a list, with the credits of all pools together. */
export type StatementSummary = StatementHead & { credits: Balance }

/** Lists a team's statements, newest month first: those before a month, if it is given. Two statements. */
export async function listStatements(
  db: Db,
  teamId: string,
  { before, limit }: { before?: Month; limit: number },
): Promise<StatementSummary[]> {
  const heads = await db.statement.findMany({
    where: { teamId, ...(before === undefined ? {} : { month: { lt: beginOf(before) } }) },
    orderBy: { month: "desc" },
    take: limit,
    select: { id: true, month: true, no: true, createdAt: true },
  })
  if (heads.length === 0) return []
  const rows = await db.$queryRaw<(BalanceRow & { statementId: string })[]>`
    SELECT b.statement_id AS "statementId", sum_nanos(b.opening_nanos) AS opening, sum_nanos(b.closing_nanos) AS closing,
      ARRAY[sum_nanos(b.purchase_nanos), sum_nanos(b.auto_top_up_nanos), sum_nanos(b.included_grant_nanos),
        sum_nanos(b.promotion_nanos), sum_nanos(b.consumption_nanos), sum_nanos(b.consumption_reversal_nanos),
        sum_nanos(b.refund_nanos), sum_nanos(b.dispute_nanos), sum_nanos(b.dispute_reversal_nanos),
        sum_nanos(b.expiry_nanos), sum_nanos(b.transfer_nanos), sum_nanos(b.adjustment_nanos)] AS moved
    FROM statement_balances b
    WHERE b.team_id = ${teamId}::uuid AND b.statement_id = ANY(${heads.map(({ id }) => id)}::uuid[]) AND b.bucket = 'credits'
    GROUP BY b.statement_id`
  const sums = new Map(rows.map((row) => [row.statementId, toBalance(row)]))
  return heads.map((head) => ({
    ...head,
    month: monthOf(head.month),
    credits: sums.get(head.id) ?? sumBalances([]),
  }))
}

/** The movements come in the order of `MOVEMENTS`. */
type BalanceRow = { opening: bigint; closing: bigint; moved: bigint[] }

function toBalance({ opening, closing, moved }: BalanceRow): Balance {
  return {
    openingNanos: opening,
    closingNanos: closing,
    moved: Object.fromEntries(
      MOVEMENTS.map((kind, index) => [kind, BigInt(moved[index] ?? 0)]),
    ) as Balance["moved"],
  }
}

/** Returns a team's statement of a month, or with an id. Null when there is none. Four statements. */
export async function getStatement(
  db: Db,
  teamId: string,
  which: { month: Month } | { id: string },
): Promise<Statement | null> {
  const head = await db.statement.findFirst({
    where: { teamId, ...("id" in which ? which : { month: beginOf(which.month) }) },
  })
  if (!head) return null
  const { id, no, createdAt, teamName } = head
  const where = { teamId, statementId: id }
  const [balances, used, payments] = await Promise.all([
    db.$queryRaw<PoolRow[]>`
      SELECT pool_no AS "poolNo", pool_id AS "poolId", holder_name AS "holderName", last_seq AS "lastSeq", bucket,
        opening_nanos AS opening, closing_nanos AS closing,
        ARRAY[purchase_nanos, auto_top_up_nanos, included_grant_nanos, promotion_nanos, consumption_nanos,
          consumption_reversal_nanos, refund_nanos, dispute_nanos, dispute_reversal_nanos, expiry_nanos, transfer_nanos,
          adjustment_nanos] AS moved
      FROM statement_balances WHERE team_id = ${teamId}::uuid AND statement_id = ${id}::uuid ORDER BY pool_no, bucket`,
    db.statementUsage.findMany({ where, orderBy: [{ poolNo: "asc" }, { place: "asc" }] }),
    db.statementPayment.findMany({ where, orderBy: [{ poolNo: "asc" }, { seq: "asc" }] }),
  ])
  return {
    ...{ id, no, createdAt, teamName, month: monthOf(head.month) },
    recipient: linesOf(head.recipient),
    provider: linesOf(head.provider),
    pools: toPools(balances, byPool(used), byPool(payments)),
  }
}

type PoolRow = BalanceRow &
  Pick<StatementPool, "poolNo" | "poolId" | "holderName" | "lastSeq"> & { bucket: "included" | "credits" }

function toPools(
  rows: PoolRow[],
  used: Map<number, UsedLine[]>,
  payments: Map<number, PaymentLine[]>,
): StatementPool[] {
  const pools = new Map<number, StatementPool>()
  for (const { bucket, opening, closing, moved, ...rest } of rows) {
    const { poolNo } = rest
    const pool = pools.get(poolNo) ?? {
      ...rest,
      ...{ credits: sumBalances([]), included: sumBalances([]) },
      ...{ used: used.get(poolNo) ?? [], payments: payments.get(poolNo) ?? [] },
    }
    pools.set(poolNo, { ...pool, [bucket]: toBalance({ opening, closing, moved }) })
  }
  return [...pools.values()]
}

function byPool<Row extends { poolNo: number; teamId: string; statementId: string }>(
  rows: Row[],
): Map<number, Omit<Row, "poolNo" | "teamId" | "statementId">[]> {
  const lists = new Map<number, Omit<Row, "poolNo" | "teamId" | "statementId">[]>()
  for (const { poolNo, teamId: _team, statementId: _statement, ...line } of rows)
    lists.set(poolNo, [...(lists.get(poolNo) ?? []), line])
  return lists
}

const linesOf = (stored: unknown) => (stored as { lines: string[] }).lines
