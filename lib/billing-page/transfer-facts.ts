import type { Db } from "@/lib/db/client"
import type { PoolRef } from "@/lib/ledger/transactions"

export type TransferFacts = {
  /** Null for what a removed member's holds gave back later. */
  movedBy: string | null
  /** The same transfer in the other pool. `holder` is null where the team shares it. */
  other: { poolId: string; holder: string | null; seq: bigint | null }
  /** The request that it answered. */
  request: { askedBy: string; amountNanos: bigint; reason: string; answeredAt: Date } | null
}

type Row = {
  movedBy: string | null
  poolId: string
  holder: string | null
  seq: bigint | null
  askedBy: string | null
  askedNanos: bigint | null
  reason: string | null
  answeredAt: Date | null
}

/** Returns who moved credits, and why: of one pool's transaction, whose cause the transfer is. */
export async function getTransferFacts(
  db: Db,
  pool: PoolRef,
  transferId: string,
): Promise<TransferFacts | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT coalesce(mu.name, mu.email) AS "movedBy", o.id AS "poolId",
      CASE WHEN o.member_id IS NOT NULL THEN coalesce(ou.name, ou.email, 'Former member') END AS holder, e.seq,
      CASE WHEN r.id IS NOT NULL THEN coalesce(ru.name, ru.email, 'Former member') END AS "askedBy",
      r.amount_nanos AS "askedNanos", r.reason, r.ended_at AS "answeredAt"
    FROM transfers t
    JOIN pools o ON o.team_id = t.team_id
      AND o.id = CASE WHEN t.from_pool_id = ${pool.id}::uuid THEN t.to_pool_id ELSE t.from_pool_id END
    LEFT JOIN entries e ON e.team_id = t.team_id AND e.cause_id = t.id AND e.kind = 'transfer'
      AND e.bucket = 'credits' AND e.pool_no = o.no
    LEFT JOIN members m ON m.team_id = t.team_id AND m.id = t.made_by_member_id LEFT JOIN users mu ON mu.id = m.user_id
    LEFT JOIN members om ON om.team_id = t.team_id AND om.id = o.member_id LEFT JOIN users ou ON ou.id = om.user_id
    LEFT JOIN credit_requests r ON r.team_id = t.team_id AND r.transfer_id = t.id
    LEFT JOIN members rm ON rm.team_id = r.team_id AND rm.id = r.member_id LEFT JOIN users ru ON ru.id = rm.user_id
    WHERE t.team_id = ${pool.teamId}::uuid AND t.id = ${transferId}::uuid
      AND ${pool.id}::uuid IN (t.from_pool_id, t.to_pool_id)`
  if (!row) return null
  const { movedBy, poolId, holder, seq, askedBy, askedNanos, reason, answeredAt } = row
  const isAnswer = askedBy !== null && askedNanos !== null && reason !== null && answeredAt !== null
  return {
    movedBy,
    other: { poolId, holder, seq },
    request: isAnswer ? { askedBy, amountNanos: askedNanos, reason, answeredAt } : null,
  }
}
