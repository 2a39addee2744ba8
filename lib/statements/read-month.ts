import type { Db } from "@/lib/db/client"
import type { Bucket, EntryKind } from "@/lib/db/generated/enums"
import { endOf, type Month } from "./month"
import { type Balance, emptyBalance } from "./statement"

/** A pool's place in the ledger at the end of a month, with its balances there. */
export type PoolEnd = { poolNo: number; lastSeq: bigint; creditsNanos: bigint; includedNanos: bigint }

/** The entries of a pool's month: those after `after`, up to and with `until`. */
export type PoolMonth = {
  poolNo: number
  poolId: string
  memberId: string | null
  after: bigint
  until: bigint
}

/** The sums of a meter's records in a pool. Meters say what was used and by whom. */
export type MeterUse = {
  poolNo: number
  meterNo: number
  records: bigint
  quantity: bigint
  allowanceQuantity: bigint
  includedNanos: bigint
  creditsNanos: bigint
}

/** As many entries as one statement adds up in a fraction of a second, far from its time limit. */
const AT_ONCE = 250_000n
/** A team may have a thousand pools of a few entries each. */
const POOLS_AT_ONCE = 1_000

/**
 * Finds the entries of a month in each pool of the team that has any until then. The month begins after the last entry
 * of the statement before, and ends where entries begin to have been written after it. Entries are numbered in the order
 * of their commit, so none can come between them later: what is written late belongs to the next month. Halves each pool's
 * numbers, because no index knows the time of an entry.
 */
export async function findPoolMonths(
  db: Db,
  teamId: string,
  month: Month,
  before: PoolEnd[],
): Promise<PoolMonth[]> {
  return db.$queryRaw<PoolMonth[]>`
    WITH RECURSIVE begins (pool_no, last_seq) AS (
      SELECT * FROM unnest(${before.map(({ poolNo }) => poolNo)}::integer[], ${before.map(({ lastSeq }) => lastSeq)}::bigint[])
    ), halved (no, after, low, high) AS (
      SELECT p.no, coalesce(b.last_seq, 0), coalesce(b.last_seq, 0), p.last_seq + 1
      FROM pools p LEFT JOIN begins b ON b.pool_no = p.no WHERE p.team_id = ${teamId}::uuid AND p.last_seq > 0
      UNION ALL
      SELECT h.no, h.after, CASE WHEN e.is_before THEN h.middle ELSE h.low END, CASE WHEN e.is_before THEN h.high ELSE h.middle END
      FROM (SELECT no, after, low, high, (low + high) / 2 AS middle FROM halved WHERE high - low > 1) h
      CROSS JOIN LATERAL (
        SELECT x.created_at < ${endOf(month)} AS is_before FROM entries x
        WHERE x.team_id = ${teamId}::uuid AND x.pool_no = h.no AND x.bucket IN ('included', 'credits') AND x.seq = h.middle
      ) e
    )
    SELECT p.no AS "poolNo", p.id AS "poolId", p.member_id AS "memberId", h.after, h.low AS until
    FROM halved h JOIN pools p ON p.team_id = ${teamId}::uuid AND p.no = h.no
    WHERE h.high - h.low = 1 AND h.low > 0 ORDER BY p.no`
}

/** Returns the ledger's own balances after the last entries of a month. */
export async function readEnds(db: Db, teamId: string, months: PoolMonth[]): Promise<Map<number, PoolEnd>> {
  const rows = await db.$queryRaw<PoolEnd[]>`
    SELECT m.pool_no AS "poolNo", m.until AS "lastSeq", coalesce(c.balance_after_nanos, 0) AS "creditsNanos",
      coalesce(i.balance_after_nanos, 0) AS "includedNanos"
    FROM unnest(${months.map(({ poolNo }) => poolNo)}::integer[], ${months.map(({ until }) => until)}::bigint[]) m (pool_no, until)
    LEFT JOIN LATERAL (
      SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = ${teamId}::uuid AND e.pool_no = m.pool_no
        AND e.bucket = 'credits' AND e.seq <= m.until ORDER BY e.seq DESC LIMIT 1
    ) c ON true
    LEFT JOIN LATERAL (
      SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = ${teamId}::uuid AND e.pool_no = m.pool_no
        AND e.bucket = 'included' AND e.seq <= m.until ORDER BY e.seq DESC LIMIT 1
    ) i ON true`
  return new Map(rows.map((row) => [row.poolNo, row]))
}

export type Sums = { balances: Map<number, { credits: Balance; included: Balance }>; uses: MeterUse[] }

/**
 * Adds up the entries of a month. It reads them in parts, in the order in which they lie, because a busy month has
 * millions and no statement may take that long. Daily totals wouldn't do: they count usage on the day on which it
 * happened, and a report or reversal of today changes a day of last month.
 */
export async function sumEntries(db: Db, teamId: string, months: PoolMonth[]): Promise<Sums> {
  const balances: Sums["balances"] = new Map(
    months.map(({ poolNo }) => [poolNo, { credits: emptyBalance(), included: emptyBalance() }]),
  )
  const uses = new Map<string, MeterUse>()
  for (const parts of packParts(months))
    for (const row of await readSums(db, teamId, parts)) {
      const balance = balances.get(row.poolNo)?.[row.bucket]
      if (!balance) throw new Error("An entry of a pool that wasn't asked for")
      balance.moved[row.kind] += row.nanos
      if (row.kind === "consumption" && row.meterNo !== null) addUse(uses, row, row.meterNo)
    }
  return { balances, uses: [...uses.values()] }
}

type SumRow = {
  poolNo: number
  bucket: Bucket
  kind: EntryKind
  meterNo: number | null
  nanos: bigint
  records: bigint
  quantity: bigint
  allowanceQuantity: bigint
}

function addUse(uses: Map<string, MeterUse>, row: SumRow, meterNo: number): void {
  const { poolNo } = row
  const key = `${poolNo} ${meterNo}`
  const known = uses.get(key) ?? {
    ...{ poolNo, meterNo, records: 0n, quantity: 0n, allowanceQuantity: 0n },
    ...{ includedNanos: 0n, creditsNanos: 0n },
  }
  uses.set(key, known)
  known.records += row.records
  known.quantity += row.quantity
  known.allowanceQuantity += row.allowanceQuantity
  known[row.bucket === "credits" ? "creditsNanos" : "includedNanos"] -= row.nanos
}

type Part = { poolNo: number; after: bigint; until: bigint }

function packParts(months: PoolMonth[]): Part[][] {
  const packs: Part[][] = []
  let pack: Part[] = []
  let left = AT_ONCE
  for (const { poolNo, after, until } of months)
    for (let from = after; from < until; ) {
      const to = until - from > left ? from + left : until
      pack.push({ poolNo, after: from, until: to })
      left -= to - from
      from = to
      if (left > 0n && pack.length < POOLS_AT_ONCE) continue
      packs.push(pack)
      pack = []
      left = AT_ONCE
    }
  return pack.length > 0 ? [...packs, pack] : packs
}

function readSums(db: Db, teamId: string, parts: Part[]): Promise<SumRow[]> {
  return db.$queryRaw<SumRow[]>`
    SELECT p.no AS "poolNo", s.* FROM unnest(${parts.map(({ poolNo }) => poolNo)}::integer[],
      ${parts.map(({ after }) => after)}::bigint[], ${parts.map(({ until }) => until)}::bigint[]) p (no, after, until)
    CROSS JOIN LATERAL (
      SELECT e.bucket, e.kind, e.meter_no AS "meterNo", sum_nanos(e.amount_nanos) AS nanos, count(e.quantity) AS records,
        sum_nanos(e.quantity) AS quantity, sum_nanos(e.allowance_quantity) AS "allowanceQuantity"
      FROM entries e
      WHERE e.team_id = ${teamId}::uuid AND e.pool_no = p.no AND e.bucket IN ('included', 'credits')
        AND e.seq > p.after AND e.seq <= p.until
      GROUP BY e.bucket, e.kind, e.meter_no
    ) s`
}
