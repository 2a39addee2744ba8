import type { Query, Statement } from "@/lib/db/query"
import type { PoolRef } from "@/lib/top-up-settings/settings"

/** A top-up that isn't over. A pool has one at most. */
export type OpenTopUp = {
  teamId: string
  poolId: string
  purchaseId: string
  amountNanos: bigint
  paymentIntentId: string | null
  paymentMethodId: string
  needsAuthentication: boolean
  isProcessing: boolean
  createdAt: Date
  expiresAt: Date
}

/** About a purchase `o`. */
export const IS_OPEN = `o.kind = 'auto_top_up' AND o.status IN ('created', 'open', 'processing')`
export const OPEN_COLUMNS = `o.id AS "purchaseId", o.amount_nanos AS "amountNanos",
  o.payment_intent_id AS "paymentIntentId", o.payment_method_id AS "paymentMethodId",
  o.needs_authentication AS "needsAuthentication", o.status = 'processing' AS "isProcessing",
  o.created_at AS "createdAt", o.expires_at AS "expiresAt"`

const FIND_OPEN: Statement = {
  name: "auto_top_up_find_open",
  text: `SELECT ${OPEN_COLUMNS} FROM purchases o WHERE o.team_id = $1::uuid AND o.pool_id = $2::uuid AND ${IS_OPEN}`,
}

export async function findOpenTopUp(query: Query, ref: PoolRef): Promise<OpenTopUp | null> {
  const [row] = await query<Omit<OpenTopUp, "teamId" | "poolId">>(FIND_OPEN, [ref.teamId, ref.poolId])
  return row ? toOpen({ ...ref, ...row }) : null
}

/** Converts a row whose amount is a text or a bigint, depending on the reader. */
export function toOpen(row: OpenTopUp): OpenTopUp {
  const { teamId, poolId, purchaseId, amountNanos, paymentIntentId, paymentMethodId } = row
  const { needsAuthentication, isProcessing, createdAt, expiresAt } = row
  if (!paymentMethodId) throw new Error("A top-up names what it charges")
  return {
    teamId,
    poolId,
    purchaseId,
    amountNanos: BigInt(amountNanos),
    paymentIntentId,
    paymentMethodId,
    needsAuthentication,
    isProcessing,
    createdAt,
    expiresAt,
  }
}
