import type { Db, Tx } from "@/lib/db/client"
import { checkLimits } from "./check-limits"
import { checkParts } from "./check-parts"
import { checkReversals } from "./check-reversals"
import { checkTransfers } from "./check-transfers"

type PoolRef = { teamId: string; id: string }

/** Whether each promise holds for a pool, by the promise's name. */
type Findings = Record<keyof typeof SENTENCES, boolean>

const SENTENCES = {
  noGap: "its entries are not numbered 1, 2, 3 …",
  chainHolds: "an entry’s balance is not the one before plus its amount",
  entriesAgree: "its totals differ from the sum of its entries",
  lifetimeAgrees: "what was ever added or spent differs from its entries",
  grantsAgree: "its totals differ from what is left in its grants, less debt",
  grantsNumbered: "its grants are not numbered up to its last one",
  grantsPaid: "a grant lost a different amount than the entries that name it say",
  debtIsLast: "it has a debt although credits are left",
  transfersAgree: "a transfer isn’t one entry here and one in the other pool",
  reversalsAgree: "reversed usage gave back a different amount than its record had taken",
  limitsAgree: "a limit of the team holds a different amount than the open holds under it",
  clawbacksAgree: "refunds and disputes have taken back a different amount than they claim",
  holdsAgree: "what is held differs from its open holds",
  allowancesAgree: "its allowances were used more or less than its usage records say",
  withheldAgrees: "what an unpaid period withholds was given, or was returned in a different amount",
  daysAgree: "a day’s total of usage differs from the day’s usage records",
  partsAgree: "a total by run or model differs from the usage records that name it",
}

/**
 * Recomputes a pool's invariants from all of its entries, in one snapshot and by means other than those that hold
 * them. Returns a sentence for each broken one. Reads every entry, so it isn't for a request.
 */
export async function findLedgerFaults(db: Db, teamId: string, poolId: string): Promise<string[]> {
  const pool = { teamId, id: poolId }
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 0`
      const balances = await checkBalances(tx, pool)
      if (!balances) return []
      const findings: Findings = {
        ...balances,
        ...(await checkGrants(tx, pool)),
        ...(await checkClawbacks(tx, pool)),
        transfersAgree: await checkTransfers(tx, pool),
        reversalsAgree: await checkReversals(tx, pool),
        limitsAgree: await checkLimits(tx, pool),
        ...(await checkUsage(tx, pool)),
        partsAgree: await checkParts(tx, pool),
        ...(await checkWithheld(tx, pool)),
      }
      return (Object.keys(SENTENCES) as (keyof Findings)[]).flatMap((name) =>
        findings[name] ? [] : SENTENCES[name],
      )
    },
    { isolationLevel: "RepeatableRead", timeout: 3_600_000 },
  )
}

type Balances = Pick<
  Findings,
  | "noGap"
  | "chainHolds"
  | "entriesAgree"
  | "lifetimeAgrees"
  | "grantsAgree"
  | "grantsNumbered"
  | "debtIsLast"
  | "holdsAgree"
>

/** The pool's own figures. Null if there is no such pool. */
async function checkBalances(tx: Tx, { teamId, id }: PoolRef): Promise<Balances | null> {
  const [balances] = await tx.$queryRaw<Balances[]>`
    WITH pool AS (SELECT * FROM pools WHERE team_id = ${teamId}::uuid AND id = ${id}::uuid),
    moves AS (
      SELECT e.seq, e.bucket, e.kind, e.amount_nanos, e.balance_after_nanos,
        sum(e.amount_nanos) OVER (PARTITION BY e.bucket ORDER BY e.seq) AS expected_nanos
      FROM entries e WHERE e.team_id = ${teamId}::uuid AND e.pool_no = (SELECT no FROM pool)
    ),
    moved AS (
      SELECT count(*) AS entries, count(DISTINCT seq) AS numbers, coalesce(max(seq), 0) AS newest,
        coalesce(bool_and(balance_after_nanos = expected_nanos), true) AS chain_holds,
        coalesce(sum(amount_nanos) FILTER (WHERE bucket = 'included'), 0) AS included_nanos,
        coalesce(sum(amount_nanos) FILTER (WHERE bucket = 'credits'), 0) AS credits_nanos,
        coalesce(sum(amount_nanos) FILTER (WHERE kind IN ('purchase', 'auto_top_up')), 0) AS added_nanos,
        coalesce(-sum(amount_nanos) FILTER (
          WHERE kind IN ('consumption', 'consumption_reversal') AND bucket = 'credits'), 0) AS spent_nanos
      FROM moves
    ),
    granted AS (
      SELECT coalesce(sum(remaining_nanos) FILTER (WHERE kind = 'included'), 0) AS included_nanos,
        coalesce(sum(remaining_nanos) FILTER (WHERE kind <> 'included'), 0) AS credits_nanos, coalesce(max(no), 0) AS newest
      FROM grants WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid
    ),
    held AS (
      SELECT coalesce(sum(left_nanos), 0) AS nanos FROM holds
      WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid AND status = 'open'
    )
    SELECT m.entries = m.newest AND m.numbers = m.newest AND p.last_seq = m.newest AS "noGap", m.chain_holds AS "chainHolds",
      (p.included_nanos, p.credits_nanos) = (m.included_nanos, m.credits_nanos) AS "entriesAgree",
      (p.lifetime_added_nanos, p.lifetime_spent_nanos) = (m.added_nanos, m.spent_nanos) AS "lifetimeAgrees",
      (p.included_nanos, p.credits_nanos + p.debt_nanos) = (g.included_nanos, g.credits_nanos) AS "grantsAgree",
      p.last_grant_no = g.newest AS "grantsNumbered",
      p.debt_nanos = 0 OR g.credits_nanos = 0 AS "debtIsLast", p.held_nanos = h.nanos AS "holdsAgree"
    FROM pool p, moved m, granted g, held h`
  return balances ?? null
}

/**
 * Whether each grant paid what the entries that name it say, less what reversals of usage gave back to it. Skipped for
 * a pool where that isn't known: refunds, disputes and transfers take from grants without naming them, debt is repaid
 * without an entry, and usage from before there were meters names no grant.
 */
async function checkGrants(tx: Tx, { teamId, id }: PoolRef): Promise<Pick<Findings, "grantsPaid">> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    WITH moves AS (
      SELECT e.* FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
      WHERE p.team_id = ${teamId}::uuid AND p.id = ${id}::uuid
    ),
    paid AS (
      SELECT no, sum(nanos) AS nanos FROM (
        SELECT grant_no AS no, -amount_nanos AS nanos FROM moves WHERE kind IN ('consumption', 'expiry') AND grant_no IS NOT NULL
        UNION ALL SELECT b.grant_no, b.repaid_nanos - b.amount_nanos FROM usage_reversals r
        JOIN usage_reversal_parts b ON b.team_id = r.team_id AND b.reversal_id = r.id
        WHERE r.team_id = ${teamId}::uuid AND r.pool_id = ${id}::uuid
      ) named GROUP BY no
    ),
    lost AS (
      SELECT no, original_nanos - remaining_nanos AS nanos FROM grants
      WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid
    )
    SELECT count(*) AS wrong FROM lost FULL JOIN paid USING (no)
    WHERE coalesce(lost.nanos, 0) <> coalesce(paid.nanos, 0) AND NOT EXISTS (
      SELECT 1 FROM moves WHERE kind IN ('refund', 'dispute')
        OR (amount_nanos < 0 AND grant_no IS NULL AND meter_no IS NULL))`
  return { grantsPaid: wrong === 0n }
}

/**
 * Whether the pool lost to each payment's refunds and disputes the credits' share of their claims, all credits once
 * they claim the whole payment, and nothing else in their name.
 */
async function checkClawbacks(tx: Tx, { teamId, id }: PoolRef): Promise<Pick<Findings, "clawbacksAgree">> {
  const [wrong = { purchases: 0n, entries: 0n }] = await tx.$queryRaw<
    { purchases: bigint; entries: bigint }[]
  >`
    WITH moves AS (
      SELECT e.cause_id, e.kind, e.amount_nanos FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
      WHERE p.team_id = ${teamId}::uuid AND p.id = ${id}::uuid AND e.bucket = 'credits' AND e.cause_id IS NOT NULL
    ),
    lost AS (
      SELECT b.purchase_id, -sum(m.amount_nanos) AS nanos
      FROM clawbacks b JOIN moves m ON m.cause_id = b.id AND m.amount_nanos = -b.amount_nanos
      WHERE b.team_id = ${teamId}::uuid GROUP BY b.purchase_id
    ),
    claimed AS (
      SELECT c.purchase_id, sum(c.nanos) AS nanos, sum(CASE WHEN p.paid_nanos > p.captured_nanos
        THEN div(2 * c.nanos::numeric * p.captured_nanos + p.paid_nanos, 2 * p.paid_nanos::numeric) ELSE c.nanos END) AS credits
      FROM (
        SELECT purchase_id, amount_nanos AS nanos FROM refunds
        WHERE team_id = ${teamId}::uuid AND status NOT IN ('failed', 'canceled')
        UNION ALL SELECT purchase_id, amount_nanos FROM disputes
        WHERE team_id = ${teamId}::uuid AND status IN ('open', 'lost')
      ) c JOIN purchases p ON p.team_id = ${teamId}::uuid AND p.id = c.purchase_id GROUP BY c.purchase_id
    )
    SELECT
      (SELECT count(*) FROM purchases p LEFT JOIN lost l ON l.purchase_id = p.id LEFT JOIN claimed c ON c.purchase_id = p.id
        WHERE p.team_id = ${teamId}::uuid AND p.pool_id = ${id}::uuid AND (
          coalesce(l.nanos, 0) <> p.taken_back_nanos
          OR p.taken_back_nanos <> CASE WHEN c.nanos >= coalesce(p.paid_nanos, p.captured_nanos) THEN p.captured_nanos
            ELSE least(coalesce(c.credits, 0), coalesce(p.captured_nanos, 0)) END)) AS purchases,
      (SELECT count(*) FROM moves m WHERE m.kind IN ('refund', 'dispute', 'dispute_reversal') AND NOT EXISTS (
        SELECT 1 FROM clawbacks b WHERE b.team_id = ${teamId}::uuid AND b.id = m.cause_id)) AS entries`
  return { clawbacksAgree: wrong.purchases === 0n && wrong.entries === 0n }
}

/** Checks the totals of usage, as far as there are meters. Earlier usage is in no total. */
async function checkUsage(
  tx: Tx,
  { teamId, id }: PoolRef,
): Promise<Pick<Findings, "allowancesAgree" | "daysAgree">> {
  const [wrong = { allowances: 0n, days: 0n }] = await tx.$queryRaw<{ allowances: bigint; days: bigint }[]>`
    WITH moved AS (
      SELECT e.occurred_at, e.meter_no, e.seq, e.quantity IS NOT NULL AS is_record, e.quantity, e.allowance_quantity,
        CASE e.bucket WHEN 'included' THEN -e.amount_nanos END AS included_nanos,
        CASE e.bucket WHEN 'credits' THEN -e.amount_nanos END AS credits_nanos
      FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
      WHERE p.team_id = ${teamId}::uuid AND p.id = ${id}::uuid AND e.meter_no IS NOT NULL
      UNION ALL
      SELECT e.occurred_at, r.meter_no, NULL, false, -r.quantity, -r.allowance_quantity, -r.included_nanos, -r.credits_nanos
      FROM usage_reversals r JOIN entries e ON e.team_id = r.team_id AND e.usage_key = r.usage_key
      WHERE r.team_id = ${teamId}::uuid AND r.pool_id = ${id}::uuid
    ),
    used AS (
      SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, meter_no,
        count(*) FILTER (WHERE is_record) AS records, coalesce(sum(quantity), 0) AS quantity,
        coalesce(sum(allowance_quantity), 0) AS allowance_quantity, coalesce(sum(included_nanos), 0) AS included_nanos,
        coalesce(sum(credits_nanos), 0) AS credits_nanos, min(seq) AS first_seq, max(seq) AS last_seq
      FROM moved GROUP BY (occurred_at AT TIME ZONE 'UTC')::date, meter_no
    ),
    days AS (SELECT * FROM usage_days WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid),
    covered AS (
      SELECT m.consumable, sum(u.allowance_quantity) AS quantity
      FROM used u JOIN meters m ON m.team_id = ${teamId}::uuid AND m.no = u.meter_no GROUP BY m.consumable
    ),
    allowed AS (
      SELECT consumable, sum(used) AS quantity FROM allowances
      WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid GROUP BY consumable
    )
    SELECT
      (SELECT count(*) FROM allowed a FULL JOIN covered c USING (consumable)
        WHERE coalesce(a.quantity, 0) <> coalesce(c.quantity, 0)) AS allowances,
      (SELECT count(*) FROM used u FULL JOIN days d ON d.day = u.day AND d.meter_no = u.meter_no
        WHERE (u.records, u.quantity, u.allowance_quantity, u.included_nanos, u.credits_nanos)
            IS DISTINCT FROM (d.records, d.quantity, d.allowance_quantity, d.included_nanos, d.credits_nanos)
          OR d.first_seq > u.first_seq OR d.last_seq < u.last_seq) AS days`
  return { allowancesAgree: wrong.allowances === 0n, daysAgree: wrong.days === 0n }
}

/**
 * Whether a withheld period has no included credits except what was kept, whether the pool's row has that amount, and
 * whether what was returned came once and in the amount withheld.
 */
async function checkWithheld(tx: Tx, { teamId, id }: PoolRef): Promise<Pick<Findings, "withheldAgrees">> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    WITH pool AS (SELECT * FROM pools WHERE team_id = ${teamId}::uuid AND id = ${id}::uuid),
    withheld AS (
      SELECT w.*, (SELECT coalesce(sum(e.amount_nanos), 0) FROM entries e
        WHERE e.team_id = w.team_id AND e.cause_id = w.id AND e.kind = 'included_grant') AS given_nanos
      FROM period_withholdings w WHERE w.team_id = ${teamId}::uuid AND w.pool_id = ${id}::uuid
    ),
    present AS (
      SELECT w.* FROM withheld w JOIN pool p ON p.period_starts_at = w.period_starts_at WHERE w.returned_at IS NULL
    )
    SELECT
      (SELECT count(*) FROM withheld
        WHERE given_nanos <> CASE WHEN returned_at IS NULL THEN 0 ELSE included_nanos END)
      + (SELECT count(*) FROM pool WHERE withheld_nanos <> coalesce((SELECT included_nanos FROM present), 0))
      + (SELECT count(*) FROM pool WHERE included_nanos <> 0
        AND EXISTS (SELECT 1 FROM present WHERE NOT only_raised)) AS wrong`
  return { withheldAgrees: wrong === 0n }
}
