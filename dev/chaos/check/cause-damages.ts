import type { Booked } from "./books"
import type { Damage } from "./damage"
import type { Evidence } from "./evidence"

const hasTopUp = ({ books }: Evidence) => books.some(({ isTopUp }) => isTopUp)

/** The top-up that is damaged, or that others follow. */
function topUpOf({ books }: Evidence): Booked {
  const topUp = books.find(({ isTopUp }) => isTopUp)
  if (!topUp) throw new Error("No pool was topped up")
  return topUp
}

/** Stripe's ids consist of letters, digits and underscores. */
const rowOf = (evidence: Evidence) => `payment_intent_id = '${topUpOf(evidence).payment}'`

const FIRST = "pi_one_more"
const SECOND = "pi_another"

/**
 * Two more top-ups ten seconds apart. The first may still have had a cause. The second has none but what is put
 * between them.
 */
const twoMore = (evidence: Evidence) =>
  [
    [FIRST, "0"],
    [SECOND, "10"],
  ]
    .map(
      ([payment, seconds]) => `
  INSERT INTO purchases SELECT (jsonb_populate_record(p, jsonb_build_object('id', uuidv7(interval '${seconds} seconds'),
      'payment_intent_id', '${payment}', 'request_key', '${payment}', 'due_cause', 'usage'))).*
    FROM purchases p WHERE p.${rowOf(evidence)};`,
    )
    .join("")

const withTwoMore = (evidence: Evidence): Evidence => {
  const more = [FIRST, SECOND].map((payment) => ({ ...topUpOf(evidence), payment }))
  return { ...evidence, books: [...evidence.books, ...more] }
}

/** Usage between the two that leaves more than the threshold, and then a refund that doesn't. */
const usageAndRefund = (evidence: Evidence) => `
  INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id)
    SELECT p.team_id, p.no, p.last_seq + 1000000 + n, 'credits', kind, -1, s.threshold_nanos + left_nanos,
      clock_timestamp() + interval '5 seconds', uuidv7()
    FROM pools p JOIN auto_top_up_settings s ON s.team_id = p.team_id AND s.pool_id = p.id
    CROSS JOIN (VALUES (1, 'consumption'::entry_kind, 1), (2, 'refund'::entry_kind, 0)) AS more (n, kind, left_nanos)
    WHERE p.id = '${topUpOf(evidence).poolId}'`

const withUsage = (evidence: Evidence): Evidence => {
  const { teamId, poolId } = topUpOf(evidence)
  const at = (seconds: number) => new Date(Date.now() + seconds * 1_000)
  return { ...evidence, acts: [...evidence.acts, { teamId, poolId, kind: "usage", from: at(4), to: at(7) }] }
}

/** Damages that the searches for causes and for unpaid periods must notice. */
export const CAUSE_DAMAGES: Damage[] = [
  {
    what: "a top-up without a cause",
    expected: "no cause",
    needs: hasTopUp,
    sql: twoMore,
    evidence: withTwoMore,
  },
  {
    what: "a top-up that a refund caused and that says it was usage",
    expected: "no cause",
    needs: hasTopUp,
    sql: (evidence) => `${twoMore(evidence)} ${usageAndRefund(evidence)}`,
    evidence: (evidence) => withUsage(withTwoMore(evidence)),
  },
  {
    what: "a top-up that says a refund caused it",
    expected: "no cause",
    needs: hasTopUp,
    sql: (evidence) => `ALTER TABLE purchases DROP CONSTRAINT purchases_top_up_has_a_cause;
      UPDATE purchases SET due_cause = 'refund' WHERE ${rowOf(evidence)}`,
  },
  {
    what: "a top-up while a dispute had paused the pool",
    expected: "paused",
    needs: hasTopUp,
    sql: (evidence) => `
      INSERT INTO clawbacks (team_id, id, purchase_id, dispute_id, amount_nanos)
        SELECT p.team_id, uuidv7(uuid_extract_timestamp(p.id) - interval '5 seconds' - clock_timestamp()), p.id, uuidv7(), 1
        FROM purchases p WHERE ${rowOf(evidence)}`,
    evidence: (evidence) => ({ ...evidence, acts: evidence.acts.filter(({ kind }) => kind !== "resume") }),
  },
  {
    what: "a top-up that we know nothing of",
    expected: "unknown top-up",
    needs: hasTopUp,
    evidence: (evidence) => ({
      ...evidence,
      books: [...evidence.books, { ...topUpOf(evidence), payment: "pi_unknown" }],
    }),
  },
  {
    what: "an unpaid period that gave something",
    expected: "unpaid period",
    needs: ({ invoices }) => invoices.some(({ isPaid }) => isPaid),
    evidence: (evidence) => ({
      ...evidence,
      invoices: evidence.invoices.map((invoice) => ({ ...invoice, isPaid: false })),
    }),
  },
]
