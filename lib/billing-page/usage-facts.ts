import type { Db } from "@/lib/db/client"
import type { GrantKind } from "@/lib/db/generated/enums"
import type { PoolRef, RecordedUsage, Transaction } from "@/lib/ledger/transactions"

/** A grant that paid for usage, and with how much. */
export type PaidBy = {
  grantNo: number
  source: GrantKind
  amountNanos: bigint
  /** The transaction that gave these credits. Null for included credits, which came with the plan. */
  grantSeq: bigint | null
}

/** A reversal of a usage record, on the record's page. */
export type ReversalOfRecord = {
  /** Its own transaction. Null where only included credits or the allowance came back. */
  seq: bigint | null
  quantity: bigint
  createdAt: Date
}

export type UsageFacts = {
  memberName: string | null
  keyName: string | null
  /** In the order in which they were drawn, from both buckets. */
  payments: PaidBy[]
  /** Oldest first. */
  reversals: ReversalOfRecord[]
}

type Row = {
  memberName: string | null
  keyName: string | null
  payments: [grantNo: number, source: GrantKind, nanos: string, seq: string | null][] | null
  reversals: [seq: string | null, quantity: string, at: string][] | null
}

/** Returns who used it, which grants paid, and what was taken back of it since, in one statement. */
export async function getUsageFacts(
  db: Db,
  pool: PoolRef,
  { firstSeq, lastSeq }: Pick<Transaction, "firstSeq" | "lastSeq">,
  { memberId, apiKeyId, usageKey }: RecordedUsage,
): Promise<UsageFacts> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT (
        SELECT coalesce(u.name, u.email, 'Former member') FROM members m LEFT JOIN users u ON u.id = m.user_id
        WHERE m.team_id = ${pool.teamId}::uuid AND m.id = ${memberId}::uuid) AS "memberName", (
        SELECT k.name FROM api_keys k WHERE k.team_id = ${pool.teamId}::uuid AND k.id = ${apiKeyId}::uuid) AS "keyName", (
        SELECT json_agg(json_build_array(g.no, g.kind, (-e.amount_nanos)::text, gave.seq::text) ORDER BY e.seq)
        FROM entries e
        JOIN grants g ON g.team_id = e.team_id AND g.pool_id = ${pool.id}::uuid AND g.no = e.grant_no
        LEFT JOIN entries gave ON gave.team_id = g.team_id AND gave.cause_id = g.cause_id AND gave.pool_no = e.pool_no
          AND gave.bucket = 'credits' AND gave.amount_nanos > 0
        WHERE e.team_id = ${pool.teamId}::uuid AND e.pool_no = ${pool.no} AND e.bucket IN ('included', 'credits')
          AND e.seq BETWEEN ${firstSeq} AND ${lastSeq}) AS payments, (
        SELECT json_agg(json_build_array(e.seq::text, r.quantity::text, r.created_at) ORDER BY r.quantity_before DESC)
        FROM usage_reversals r
        LEFT JOIN entries e ON e.team_id = r.team_id AND e.cause_id = r.id AND e.kind = 'consumption_reversal'
          AND e.bucket = 'credits'
        WHERE r.team_id = ${pool.teamId}::uuid AND r.pool_id = ${pool.id}::uuid AND r.usage_key = ${usageKey}) AS reversals`
  return {
    memberName: row?.memberName ?? null,
    keyName: row?.keyName ?? null,
    payments: (row?.payments ?? []).map(([grantNo, source, nanos, seq]) => ({
      ...{ grantNo, source, amountNanos: BigInt(nanos) },
      grantSeq: seq === null ? null : BigInt(seq),
    })),
    reversals: (row?.reversals ?? []).map(([seq, quantity, at]) => ({
      seq: seq === null ? null : BigInt(seq),
      quantity: BigInt(quantity),
      createdAt: new Date(at),
    })),
  }
}
