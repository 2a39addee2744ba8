import type { Client } from "pg"
import type { Booked } from "./books"
import { CAUSE_DAMAGES } from "./cause-damages"
import { compareWithBooks } from "./check"
import type { Damage } from "./damage"
import type { Evidence } from "./evidence"

/** Whether no other payment has this one's amount. */
const isAlone = (books: Booked[]) => {
  const counts = new Map<number, number>()
  for (const { cents } of books) counts.set(cents, (counts.get(cents) ?? 0) + 1)
  return ({ cents }: Booked) => counts.get(cents) === 1
}

/** The newest entry of a purchase. */
const ONE_ENTRY = `(SELECT team_id, pool_no, bucket, seq FROM entries WHERE kind = 'purchase' ORDER BY created_at DESC LIMIT 1)`

const DAMAGES: Damage[] = [
  {
    what: "a payment that the books forgot",
    expected: "never paid",
    books: (books) => books.filter((one) => one !== books.find(isAlone(books))),
  },
  {
    what: "one of several top-ups that the books forgot",
    expected: "duplicate",
    books: (books) => books.filter((one) => one !== books.find((each) => !isAlone(books)(each))),
    needs: ({ books }) => !books.every(isAlone(books)),
  },
  {
    what: "a payment that nobody credited",
    expected: "missing",
    // More than one purchase may cost, so that no payment of the run has this amount.
    books: (books) => [
      ...books,
      ...books.slice(0, 1).map((one) => ({ ...one, payment: "pi_more", cents: 100_001 })),
    ],
  },
  {
    what: "a cent less given back",
    expected: "sum",
    books: (books) => books.map((one, n) => (n === 0 ? { ...one, backCents: one.backCents - 1 } : one)),
  },
  {
    what: "a payment for another pool",
    expected: "elsewhere",
    books: (books) =>
      books.map((one, n) => (n === 0 ? { ...one, poolId: "00000000-0000-7000-8000-000000000000" } : one)),
  },
  {
    what: "an entry written twice",
    expected: "duplicate",
    sql: `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
      SELECT e.team_id, e.pool_no, e.seq + 1000000, e.bucket, e.kind, e.amount_nanos, e.balance_after_nanos, uuidv7()
      FROM entries e JOIN ${ONE_ENTRY} one USING (team_id, pool_no, bucket, seq)`,
  },
  {
    what: "an entry that is gone",
    expected: "missing",
    sql: `DELETE FROM entries e USING ${ONE_ENTRY} one
      WHERE (e.team_id, e.pool_no, e.bucket, e.seq) = (one.team_id, one.pool_no, one.bucket, one.seq)`,
  },
  {
    what: "an entry that is a cent too large",
    expected: "never paid",
    sql: `UPDATE entries e SET amount_nanos = 100001 * 10000000::bigint FROM ${ONE_ENTRY} one
      WHERE (e.team_id, e.pool_no, e.bucket, e.seq) = (one.team_id, one.pool_no, one.bucket, one.seq)`,
  },
  ...CAUSE_DAMAGES,
]

/**
 * Damages the books or the ledger in one way after the other, undoes each, and checks that the comparison reports it.
 * Returns what it missed. If that isn't empty, the comparison proves nothing.
 */
export async function findBlindSpots(sql: Client, evidence: Evidence): Promise<string[]> {
  const unseen: string[] = []
  for (const damage of DAMAGES) {
    if (damage.needs?.(evidence) === false) continue
    await sql.query("BEGIN")
    try {
      // Behind every trigger and key, as damage to the disk would be.
      await sql.query("SET LOCAL session_replication_role = replica")
      const { sql: statement, books: change } = damage
      if (statement) await sql.query(typeof statement === "string" ? statement : statement(evidence))
      const changed = damage.evidence?.(evidence) ?? evidence
      const books = change ? change(changed.books) : changed.books
      const findings = await compareWithBooks(sql, { ...changed, books })
      if (!findings.some(({ kind }) => kind === damage.expected)) unseen.push(damage.what)
    } finally {
      await sql.query("ROLLBACK")
    }
  }
  return unseen
}
