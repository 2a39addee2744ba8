import type { Client } from "pg"
import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { makeStatements } from "@/lib/statements/make-statements"
import { endOf, monthOf } from "@/lib/statements/month"

export const PROVIDER = ["Example Ltd", "1 Example Street", "London"]

/** Makes the statements that a team lacks at this time. */
export function makeAt(db: Db, team: { id: string }, now: Date): Promise<void> {
  return makeStatements({ db, now, provider: PROVIDER }, { teamId: team.id })
}

/**
 * Sets when a pool's entries were written, in their order: the one that begins as number `n` at `at(n)`, with the other
 * rows of the same record. The days on which things happened stay. The ledger allows it nobody, so the triggers are off
 * meanwhile.
 */
export async function writeAt(
  client: Client,
  { teamId, poolNo }: { teamId: string; poolNo: number },
  at: (seq: number) => Date,
): Promise<void> {
  const { rows } = await client.query<{ seq: string; follows: boolean }>(
    "SELECT seq, meter_no IS NOT NULL AND usage_key IS NULL AS follows FROM entries WHERE team_id = $1 AND pool_no = $2 ORDER BY seq",
    [teamId, poolNo],
  )
  const seqs = rows.map(({ seq }) => seq)
  const times: Date[] = []
  for (const { seq, follows } of rows) times.push((follows && times.at(-1)) || at(Number(seq)))
  await client.query("BEGIN")
  await client.query("SET LOCAL session_replication_role = replica")
  await client.query(
    `UPDATE entries e SET created_at = t.at, reported_at = coalesce(reported_at, created_at) FROM unnest($3::bigint[], $4::timestamptz[]) t (seq, at)
     WHERE e.team_id = $1 AND e.pool_no = $2 AND e.seq = t.seq`,
    [teamId, poolNo, seqs, times],
  )
  await client.query("COMMIT")
}

/** Makes the statement of the present month, as if it were over. Returns its public id. */
export async function makeThisMonth(db: Db, team: { id: string }): Promise<string> {
  const end = endOf(monthOf(new Date()))
  await makeAt(db, team, new Date(end.getTime() + HOUR_MS))
  const last = await db.statement.findFirstOrThrow({ where: { teamId: team.id }, orderBy: { month: "desc" } })
  return toPublicId("stm", last.id)
}
