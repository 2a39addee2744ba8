import type { Tx } from "@/lib/db/client"
import { CREDIT_SOURCES } from "./post"

type Back = {
  teamId: string
  poolId: string
  /** Above zero. */
  amountNanos: bigint
  /** The id of the row that gives the reason. The same cause moves credits once. */
  causeId: string
  occurredAt: Date
  detail: string | null
}

/**
 * Takes credits back from a pool, and returns how much of that became debt. Grants of the named causes give first,
 * then other paid credits, then promotions. Included credits stay.
 */
export async function postTakeBack(
  tx: Tx,
  posting: Back & { kind: "refund" | "dispute"; firstFromCauses: string[]; now: Date },
): Promise<{ debtMadeNanos: bigint }> {
  const [row] = await tx.$queryRaw<{ debt_made_nanos: bigint }[]>`
    SELECT debt_made_nanos FROM ledger_take_back(
      ${posting.teamId}::uuid, ${posting.poolId}::uuid, ${posting.kind}::entry_kind, ${posting.amountNanos}::bigint,
      ${posting.causeId}::uuid, ${posting.firstFromCauses}::uuid[], ${posting.occurredAt}::timestamptz,
      ${posting.detail}::text, ${posting.now}::timestamptz)`
  if (!row) throw new Error("ledger_take_back answered nothing")
  return { debtMadeNanos: row.debt_made_nanos }
}

/**
 * Gives back to a pool what was taken of a payment. Debt is repaid first; the rest can be used again and never
 * expires.
 */
export async function postGiveBack(
  tx: Tx,
  posting: Back & { kind: "dispute_reversal" | "adjustment"; paidAs: "purchase" | "auto_top_up" },
): Promise<void> {
  const { grantKind, priority } = CREDIT_SOURCES[posting.paidAs]
  await tx.$queryRaw`
    SELECT replayed FROM ledger_give_back(
      ${posting.teamId}::uuid, ${posting.poolId}::uuid, ${posting.kind}::entry_kind, ${grantKind}::grant_kind,
      ${priority}::smallint, ${posting.amountNanos}::bigint, ${posting.causeId}::uuid, ${posting.occurredAt}::timestamptz,
      ${posting.detail}::text)`
}
