import type { Db } from "@/lib/db/client"
import type { Bench } from "../setup/bench"

/** Counts a team's usage records in the ledger. */
export async function countRecords(db: Db, teamId: string): Promise<number> {
  const [row] = await withoutTimeout(
    db,
    (tx) => tx.$queryRaw<{ records: bigint }[]>`
      SELECT count(*) AS records FROM entries WHERE team_id = ${teamId}::uuid AND usage_key IS NOT NULL`,
  )
  return Number(row?.records ?? 0)
}

type Sums = Record<
  | "pool"
  | "entries"
  | "last_seq"
  | "by_entries"
  | "by_grants"
  | "broken"
  | "records"
  | "day_records"
  | "cost"
  | "day_cost",
  bigint
>

/** Adds up all of a team's entries, and compares the sums with its pool, its grants and its daily totals. */
export async function reportFaults(
  db: Db,
  teamId: string,
  { report, say }: Pick<Bench, "report" | "say">,
): Promise<void> {
  const [sums] = await withoutTimeout(
    db,
    (tx) => tx.$queryRaw<Sums[]>`
      WITH chain AS (
        SELECT pool_no, bucket, amount_nanos, usage_key, meter_no,
          seq <> row_number() OVER (ORDER BY seq) OR balance_after_nanos <> sum(amount_nanos) OVER (PARTITION BY bucket ORDER BY seq) AS is_broken
        FROM entries WHERE team_id = ${teamId}::uuid
      )
      SELECT
        (SELECT credits_nanos FROM pools WHERE team_id = ${teamId}::uuid) AS pool,
        (SELECT last_seq FROM pools WHERE team_id = ${teamId}::uuid) AS last_seq,
        (SELECT sum(remaining_nanos)::bigint FROM grants WHERE team_id = ${teamId}::uuid) AS by_grants,
        (SELECT sum(records)::bigint FROM usage_days WHERE team_id = ${teamId}::uuid) AS day_records,
        (SELECT sum(credits_nanos)::bigint FROM usage_days WHERE team_id = ${teamId}::uuid) AS day_cost,
        count(*) AS entries, sum(amount_nanos)::bigint AS by_entries, count(usage_key) AS records,
        count(*) FILTER (WHERE is_broken) AS broken, -(sum(amount_nanos) FILTER (WHERE meter_no IS NOT NULL))::bigint AS cost
      FROM chain`,
  )
  if (!sums) throw new Error("The sums were not answered")
  const faults = [
    sums.pool !== sums.by_entries && "the pool differs from its entries",
    sums.pool !== sums.by_grants && "the pool differs from its grants",
    sums.last_seq !== sums.entries && "the pool has counted other entries than there are",
    sums.broken !== 0n && "an entry doesn’t continue the one before",
    sums.records !== sums.day_records && "the daily totals count other records",
    sums.cost !== sums.day_cost && "the daily totals count another cost",
  ].filter((fault) => fault !== false)
  for (const fault of faults) say(fault)
  report.say("disagreements of pool, grants, entries and daily totals", faults.length, "", {
    target: { atMost: 0 },
    note: faults.join("; ") || null,
  })
}

function withoutTimeout<Result>(
  db: Db,
  read: (tx: Pick<Db, "$queryRaw">) => Promise<Result>,
): Promise<Result> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 0`
      return read(tx)
    },
    { timeout: 600_000 },
  )
}
