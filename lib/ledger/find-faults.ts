import type { Db } from "@/lib/db/client"

type Sums = {
  no_gap: boolean
  chain_holds: boolean
  entries_agree: boolean
  grants_agree: boolean
  holds_agree: boolean
}

const SENTENCES: Record<keyof Sums, string> = {
  no_gap: "its entries are not numbered 1, 2, 3 …",
  chain_holds: "an entry’s balance is not the one before plus its amount",
  entries_agree: "its totals differ from the sum of its entries",
  grants_agree: "its totals differ from what is left in its grants, less debt",
  holds_agree: "what is held differs from its open holds",
}

/**
 * Computes a pool's invariants from all of its entries, in one snapshot and by other means than what holds them, and gives
 * a sentence for each that is broken. Reads every entry: not for a request.
 */
export async function findLedgerFaults(db: Db, teamId: string, poolId: string): Promise<string[]> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 0`
      const [sums] = await tx.$queryRaw<Sums[]>`
        WITH pool AS (SELECT * FROM pools WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid),
        moves AS (
          SELECT e.seq, e.bucket, e.amount_nanos, e.balance_after_nanos,
            sum(e.amount_nanos) OVER (PARTITION BY e.bucket ORDER BY e.seq) AS expected_nanos
          FROM entries e WHERE e.team_id = ${teamId}::uuid AND e.pool_no = (SELECT no FROM pool)
        ),
        moved AS (
          SELECT count(*) AS entries, count(DISTINCT seq) AS numbers, coalesce(max(seq), 0) AS newest,
            coalesce(bool_and(balance_after_nanos = expected_nanos), true) AS chain_holds,
            coalesce(sum(amount_nanos) FILTER (WHERE bucket = 'included'), 0) AS included_nanos,
            coalesce(sum(amount_nanos) FILTER (WHERE bucket = 'credits'), 0) AS credits_nanos
          FROM moves
        ),
        granted AS (
          SELECT coalesce(sum(remaining_nanos) FILTER (WHERE kind = 'included'), 0) AS included_nanos,
            coalesce(sum(remaining_nanos) FILTER (WHERE kind <> 'included'), 0) AS credits_nanos
          FROM grants WHERE team_id = ${teamId}::uuid AND pool_id = ${poolId}::uuid
        ),
        held AS (
          SELECT coalesce(sum(left_nanos), 0) AS nanos FROM holds
          WHERE team_id = ${teamId}::uuid AND pool_id = ${poolId}::uuid AND status = 'open'
        )
        SELECT m.entries = m.newest AND m.numbers = m.newest AND p.last_seq = m.newest AS no_gap, m.chain_holds,
          (p.included_nanos, p.credits_nanos) = (m.included_nanos, m.credits_nanos) AS entries_agree,
          (p.included_nanos, p.credits_nanos + p.debt_nanos) = (g.included_nanos, g.credits_nanos) AS grants_agree,
          p.held_nanos = h.nanos AS holds_agree
        FROM pool p, moved m, granted g, held h`
      if (!sums) return []
      return (Object.keys(SENTENCES) as (keyof Sums)[]).flatMap((name) => (sums[name] ? [] : SENTENCES[name]))
    },
    { isolationLevel: "RepeatableRead", timeout: 3_600_000 },
  )
}
