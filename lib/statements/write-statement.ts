import type { Tx } from "@/lib/db/client"
import { beginOf } from "./month"
import { MOVEMENTS, type Statement, type StatementPool } from "./statement"

/** Writes a statement. Returns its id, or null if another process was first. */
export async function writeStatement(
  tx: Tx,
  teamId: string,
  statement: Omit<Statement, "id">,
): Promise<string | null> {
  const { month, no, teamName, recipient, provider, createdAt, pools } = statement
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO statements (team_id, month, no, team_name, recipient, provider, created_at)
    VALUES (${teamId}::uuid, ${beginOf(month)}::date, ${no}, ${teamName}, ${JSON.stringify({ lines: recipient })}::text::jsonb,
      ${JSON.stringify({ lines: provider })}::text::jsonb, ${createdAt})
    ON CONFLICT DO NOTHING RETURNING id`
  if (!row) return null
  const of = ({ poolNo }: StatementPool) => ({ team_id: teamId, statement_id: row.id, pool_no: poolNo })
  const balances = pools.flatMap((pool) =>
    BUCKETS.map((bucket) => ({ ...of(pool), ...balanceRow(pool, bucket) })),
  )
  const used = pools.flatMap((pool) =>
    pool.used.map((line, index) => ({ ...of(pool), place: index + 1, ...snakeCased(line) })),
  )
  const payments = pools.flatMap((pool) =>
    pool.payments.map((line) => ({ ...of(pool), ...snakeCased(line) })),
  )
  // A team may have ten thousand members, so each table is one statement, whatever the number of its rows.
  await tx.$executeRaw`INSERT INTO statement_balances
    SELECT * FROM jsonb_populate_recordset(NULL::statement_balances, ${jsonOf(balances)}::text::jsonb)`
  await tx.$executeRaw`INSERT INTO statement_usage
    SELECT * FROM jsonb_populate_recordset(NULL::statement_usage, ${jsonOf(used)}::text::jsonb)`
  await tx.$executeRaw`INSERT INTO statement_payments
    SELECT * FROM jsonb_populate_recordset(NULL::statement_payments, ${jsonOf(payments)}::text::jsonb)`
  return row.id
}

const BUCKETS = ["credits", "included"] as const

function balanceRow(pool: StatementPool, bucket: (typeof BUCKETS)[number]): object {
  const { poolId, holderName, lastSeq } = pool
  const { openingNanos, closingNanos, moved } = pool[bucket]
  return {
    ...snakeCased({ bucket, poolId, holderName, lastSeq, openingNanos, closingNanos }),
    ...Object.fromEntries(MOVEMENTS.map((kind) => [`${kind}_nanos`, moved[kind]])),
  }
}

/** Names the fields as the table names its columns. */
function snakeCased(fields: object): object {
  const named = Object.entries(fields).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ])
  return Object.fromEntries(named)
}

/** PostgreSQL reads whole numbers of any length from texts, which JSON's own numbers would lose. */
const jsonOf = (rows: object[]) =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))
