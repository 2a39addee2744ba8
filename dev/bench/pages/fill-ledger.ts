import { Client } from "pg"
import { DAY_MS } from "@/lib/clock"
import { newId } from "@/lib/ids"

const COST_NANOS = 1_200_000n
/** Usage is spread evenly over this many days until now, or until another time. */
const DAYS = 90

export type FilledPool = {
  teamId: string
  poolId: string
  /** The records' meters, in no order. */
  meterNos: number[]
  days?: number
  until?: Date
  /** The meters whose records name their model, of which there are five, and their run, which is 500 records in a row. */
  namedMeterNos?: number[]
}

/**
 * Gives a pool with one grant and no usage a history of usage records, as spending would have written it: entries
 * with their running balance, the grant, the pool and the daily totals all agree.
 */
export async function fillLedger(databaseUrl: string, pool: FilledPool, records: number): Promise<void> {
  const { days = DAYS, until = new Date(), namedMeterNos = [] } = pool
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const before = await creditPool(client, pool, COST_NANOS * BigInt(records) * 2n)
    await client.query("BEGIN")
    // Only spending may write usage without checking each row's predecessor.
    await client.query("SET LOCAL ledger.writer = 'spend'")
    await client.query("SET LOCAL maintenance_work_mem = '512MB'")
    // Built once at the end, which is many times faster than a million insertions at random places.
    const { rows } = await client.query<{ indexdef: string }>(
      "SELECT indexdef FROM pg_indexes WHERE indexname = 'entries_once_per_key'",
    )
    await client.query("DROP INDEX entries_once_per_key")
    await client.query(INSERT_ENTRIES, [
      pool.teamId,
      before.no,
      pool.meterNos,
      before.grantNo,
      before.lastSeq,
      before.creditsNanos,
      COST_NANOS,
      records,
      new Date(until.getTime() - days * DAY_MS),
      days,
      namedMeterNos,
    ])
    await client.query(rows[0]?.indexdef ?? "")
    await client.query(INSERT_DAYS, [pool.teamId, pool.poolId, before.no])
    // At commit the database checks that the following agrees with all of it.
    await client.query("SET LOCAL ledger.writer = 'bench'")
    await client.query(UPDATE_POOL, [pool.teamId, pool.poolId, records, COST_NANOS * BigInt(records)])
    await client.query(UPDATE_GRANT, [pool.teamId, pool.poolId, before.grantNo, COST_NANOS * BigInt(records)])
    await client.query("COMMIT")
  } finally {
    await client.end()
  }
}

type Before = { no: number; lastSeq: string; creditsNanos: string; grantNo: number }

async function creditPool(
  client: Client,
  { teamId, poolId }: FilledPool,
  amountNanos: bigint,
): Promise<Before> {
  await client.query(
    "SELECT ledger_credit($1, $2, 'promotion', 'promotion', 20::smallint, $3, $4, now() - interval '366 days', NULL, NULL)",
    [teamId, poolId, amountNanos, newId()],
  )
  const { rows } = await client.query<Before>(
    `SELECT no, last_seq AS "lastSeq", credits_nanos AS "creditsNanos", last_grant_no AS "grantNo" FROM pools
     WHERE team_id = $1 AND id = $2`,
    [teamId, poolId],
  )
  if (!rows[0]) throw new Error("The team has no such pool")
  return rows[0]
}

const INSERT_ENTRIES = `
  INSERT INTO entries (
    team_id, seq, amount_nanos, balance_after_nanos, created_at, usage_key, quantity, usage_print, pool_no, bucket, kind,
    meter_no, grant_no, metadata
  )
  SELECT $1::uuid, $5::bigint + n, -$7::bigint, $6::bigint - n * $7::bigint, $9::timestamptz + $10::integer * interval '1 day' * (n::float8 / $8::integer),
    hashint8extended(n, $2::integer), 1, hashint8(n), $2::integer, 'credits', 'consumption',
    meter_no, $4::integer,
    CASE WHEN meter_no = ANY ($11::integer[])
      THEN jsonb_build_object('model', 'model-' || n % 5, 'run', 'run-' || $2::integer || '-' || n / 500) END
  FROM generate_series(1, $8::bigint) AS n,
    LATERAL (SELECT ($3::integer[])[1 + abs(hashint8(n)::bigint) % cardinality($3::integer[])]) AS m (meter_no)`

const INSERT_DAYS = `
  INSERT INTO usage_days (
    team_id, pool_id, day, meter_no, records, quantity, allowance_quantity, included_nanos, credits_nanos, first_seq, last_seq
  )
  SELECT $1::uuid, $2::uuid, (created_at AT TIME ZONE 'UTC')::date, meter_no, count(*), sum(quantity), 0, 0, -sum(amount_nanos), min(seq), max(seq)
  FROM entries WHERE team_id = $1::uuid AND pool_no = $3::integer AND meter_no IS NOT NULL GROUP BY 3, 4`

const UPDATE_POOL = `
  UPDATE pools SET last_seq = last_seq + $3::bigint, revision = revision + 1, credits_nanos = credits_nanos - $4::bigint,
    lifetime_spent_nanos = lifetime_spent_nanos + $4::bigint
  WHERE team_id = $1 AND id = $2`

const UPDATE_GRANT = `
  UPDATE grants SET remaining_nanos = remaining_nanos - $4::bigint WHERE team_id = $1 AND pool_id = $2 AND no = $3`
