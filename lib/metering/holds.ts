import type { Consumable } from "@/lib/catalog/schema"
import type { HoldStatus } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"

/** Credits set aside for a run, and what became of them. */
export type Hold = {
  id: string
  poolId: string
  meterNo: number
  consumable: Consumable
  status: HoldStatus
  quantity: bigint
  /** The amount set aside. */
  amountNanos: bigint
  /** The part that still is. */
  leftNanos: bigint
  requestPrint: string
  expiresAt: Date
  /** The limits against which it counts. */
  limitIds: string[]
  capturedQuantity: bigint | null
  shortfallNanos: bigint | null
}

type Row = {
  id: string
  pool_id: string
  meter_no: number
  consumable: Consumable
  status: HoldStatus
  quantity: bigint | string
  amount_nanos: bigint | string
  left_nanos: bigint | string
  request_print: string
  expires_at: Date
  limit_ids: string[]
  captured_quantity: bigint | string | null
  shortfall_nanos: bigint | string | null
}

const COLUMNS = `h.id, h.pool_id, h.meter_no, m.consumable, h.status, h.quantity, h.amount_nanos, h.left_nanos, h.request_print,
  h.expires_at, h.limit_ids::text[], h.captured_quantity, h.shortfall_nanos FROM holds h JOIN meters m ON m.team_id = h.team_id AND m.no = h.meter_no`
const READ_HOLD: Statement = {
  name: "holds_read",
  text: `SELECT ${COLUMNS} WHERE h.team_id = $1::uuid AND h.id = $2::uuid`,
}
const FIND_HOLD: Statement = {
  name: "holds_find",
  text: `SELECT ${COLUMNS} WHERE h.team_id = $1::uuid AND h.request_key = $2`,
}
const REDUCE_HOLD: Statement = {
  name: "holds_reduce",
  text: "SELECT ledger_reduce_hold($1::uuid, $2::uuid, $3::bigint, $4::text::hold_status, $5::timestamptz, $6::bigint, $7::bigint)",
}

/** Returns a hold of the team. Throws NotFoundError for any other. */
export async function requireHold(query: Query, teamId: string, id: string): Promise<Hold> {
  const [row] = await query<Row>(READ_HOLD, [teamId, id])
  if (!row) throw new NotFoundError()
  return toHold(row)
}

/** Returns the hold that was opened with this request key, if any. */
export async function findHold(query: Query, teamId: string, requestKey: string): Promise<Hold | null> {
  const [row] = await query<Row>(FIND_HOLD, [teamId, requestKey])
  return row ? toHold(row) : null
}

/** Gives back what an open hold sets aside: a part of it, or all when it is settled. Under the pool's lock. */
export async function reduceHold(
  query: Query,
  teamId: string,
  hold: Hold,
  change:
    | { status: "open"; amountNanos: bigint }
    | { status: "released" }
    | { status: "captured"; quantity: bigint; shortfallNanos: bigint },
  now: Date,
): Promise<void> {
  await query(REDUCE_HOLD, [
    teamId,
    hold.id,
    change.status === "open" ? change.amountNanos : hold.leftNanos,
    change.status,
    now,
    change.status === "captured" ? change.quantity : null,
    change.status === "captured" ? change.shortfallNanos : null,
  ])
}

function toHold(row: Row): Hold {
  return {
    id: row.id,
    poolId: row.pool_id,
    meterNo: row.meter_no,
    consumable: row.consumable,
    status: row.status,
    quantity: BigInt(row.quantity),
    amountNanos: BigInt(row.amount_nanos),
    leftNanos: BigInt(row.left_nanos),
    requestPrint: row.request_print,
    expiresAt: row.expires_at,
    limitIds: row.limit_ids,
    capturedQuantity: row.captured_quantity === null ? null : BigInt(row.captured_quantity),
    shortfallNanos: row.shortfall_nanos === null ? null : BigInt(row.shortfall_nanos),
  }
}
