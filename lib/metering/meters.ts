import { CATALOG } from "@/lib/catalog/catalog"
import type { Consumable } from "@/lib/catalog/schema"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import type { Trigger } from "@/lib/pools/triggers"

/** The terms of usage: what is used, at what rate, by whom, with which key and on what trigger. */
export type MeterTerms = {
  consumable: Consumable
  trigger: Trigger
  memberId: string | null
  apiKeyId: string | null
}

/** A meter of a team, with the catalog's terms at its creation, because usage keeps the rate it was charged at. */
export type Meter = MeterTerms & {
  no: number
  decimals: number
  rateNanos: bigint
  /** Whether the plan gives an allowance of it. */
  hasAllowance: boolean
}

/** Returns the meter's name within its team. */
export function meterName(terms: MeterTerms, rateNanos: bigint, decimals: number): string {
  const { consumable, trigger, memberId, apiKeyId } = terms
  return `${consumable} ${rateNanos} ${decimals} ${trigger} ${memberId ?? ""} ${apiKeyId ?? ""}`
}

const INSERT_METER: Statement = {
  name: "meters_insert",
  text: `WITH team AS (SELECT id FROM teams WHERE id = $1::uuid FOR NO KEY UPDATE)
    INSERT INTO meters (team_id, no, consumable, decimals, rate_nanos, trigger, member_id, api_key_id)
    SELECT team.id, (SELECT coalesce(max(m.no), 0) + 1 FROM meters m WHERE m.team_id = team.id), $2, $3, $4, $5, $6::uuid, $7::uuid
    FROM team ON CONFLICT DO NOTHING`,
}

const READ_METER: Statement = {
  name: "meters_read",
  text: `SELECT m.no FROM teams t LEFT JOIN meters m ON m.team_id = t.id AND m.consumable = $2 AND m.decimals = $3
    AND m.rate_nanos = $4 AND m.trigger = $5 AND m.member_id IS NOT DISTINCT FROM $6::uuid
    AND m.api_key_id IS NOT DISTINCT FROM $7::uuid WHERE t.id = $1::uuid`,
}

/**
 * Returns the team's meter of these terms at its plan's present rate, created if missing. Throws NotFoundError
 * without the team.
 */
export async function ensureMeter(
  query: Query,
  team: { teamId: string; plan: Plan },
  terms: MeterTerms,
): Promise<Meter> {
  const { decimals } = CATALOG.consumables[terms.consumable]
  const { rateNanos, allowanceQuantity } = CATALOG.plans[team.plan].terms[terms.consumable]
  const values = [
    team.teamId,
    terms.consumable,
    decimals,
    rateNanos,
    terms.trigger,
    terms.memberId,
    terms.apiKeyId,
  ]
  for (;;) {
    const [known] = await query<{ no: number | null }>(READ_METER, values)
    // Without its team a meter can't be created, however often it is tried.
    if (!known) throw new NotFoundError()
    const { no } = known
    if (no !== null) return { ...terms, no, decimals, rateNanos, hasAllowance: allowanceQuantity > 0n }
    // Several at once may choose the same number. One of them gets it, so the others' next rounds come to an end.
    await query(INSERT_METER, values)
  }
}

const READ_METER_BY_NO: Statement = {
  name: "meters_read_by_no",
  text: `SELECT no, consumable, decimals, rate_nanos, trigger, member_id, api_key_id FROM meters
    WHERE team_id = $1::uuid AND no = $2::integer`,
}

/** Returns a meter of the team as it was created. */
export async function readMeter(query: Query, teamId: string, no: number): Promise<Meter> {
  const [row] = await query<{
    no: number
    consumable: Consumable
    decimals: number
    rate_nanos: bigint | string
    trigger: Trigger
    member_id: string | null
    api_key_id: string | null
  }>(READ_METER_BY_NO, [teamId, no])
  if (!row) throw new Error("The team has no such meter")
  return {
    no: row.no,
    consumable: row.consumable,
    decimals: row.decimals,
    rateNanos: BigInt(row.rate_nanos),
    trigger: row.trigger,
    memberId: row.member_id,
    apiKeyId: row.api_key_id,
    hasAllowance: false,
  }
}
