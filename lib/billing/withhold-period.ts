import type { Withheld } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { INCLUDED_PRIORITY } from "@/lib/ledger/post"

const WITHHOLD: Statement = {
  name: "ledger_withhold_period",
  text: `SELECT ledger_withhold_period($1::uuid, $2::uuid, $3::uuid, $4::text::withheld, $5::boolean, $6::text::text[], $7::text::bigint[],
    $8::bigint, $9::text::text[], $10::text::bigint[], $11::timestamptz) AS changed`,
}
const RETURN: Statement = {
  name: "ledger_return_period",
  text: "SELECT ledger_return_period($1::uuid, $2::uuid, $3::smallint, $4::timestamptz) AS changed",
}
const FALL_BACK: Statement = {
  name: "ledger_fall_back",
  text: "SELECT ledger_fall_back($1::uuid, $2::uuid, $3::text::text[], $4::text::bigint[], $5::timestamptz) AS changed",
}

type PoolRef = { teamId: string; poolId: string }

/** Allowances, as two texts that PostgreSQL reads as arrays. */
type Allowances = { consumables: string; quantities: string }
export type Given = Allowances & { includedNanos: bigint }

export const NOTHING: Given = { includedNanos: 0n, consumables: "{}", quantities: "{}" }

/**
 * Takes the unused part of what the present period gave from a pool, once, and keeps it, together with what the
 * period never gave, until the reason is gone. With `keeps`, withholds only what larger plans have added to these
 * allowances.
 */
export async function withholdPeriod(
  query: Query,
  { teamId, poolId }: PoolRef,
  { why, notGiven = NOTHING, keeps }: { why: Withheld; notGiven?: Given; keeps?: Allowances },
  now: Date,
): Promise<boolean> {
  const kept = keeps ?? NOTHING
  const withheld = [why, keeps !== undefined, kept.consumables, kept.quantities]
  const owed = [notGiven.includedNanos, notGiven.consumables, notGiven.quantities]
  return changed(await query(WITHHOLD, [teamId, poolId, newId(), ...withheld, ...owed, now]))
}

/** Gives back what is withheld of the pool's present period, if anything is. */
export async function returnPeriod(query: Query, { teamId, poolId }: PoolRef, now: Date): Promise<boolean> {
  return changed(await query(RETURN, [teamId, poolId, INCLUDED_PRIORITY, now]))
}

/** Gives a pool whose period is withheld the allowances of a smaller plan for the rest of it. */
export async function fallBack(
  query: Query,
  { teamId, poolId }: PoolRef,
  { consumables, quantities }: Allowances,
  now: Date,
): Promise<void> {
  await query(FALL_BACK, [teamId, poolId, consumables, quantities, now])
}

const changed = (rows: { changed: boolean }[]) => rows[0]?.changed === true
