import type { Tx } from "@/lib/db/client"

export type TransferPosting = {
  teamId: string
  /** The transfer's own id. The same id moves credits once. */
  id: string
  fromPoolId: string
  toPoolId: string
  /** Above zero. `all`: whatever can go, which may be nothing. */
  amountNanos: bigint | "all"
  reason: "by_owner" | "request" | "removal"
  madeByMemberId: string | null
  /** The text of each pool’s entry. */
  details: { from: string; to: string }
}

/**
 * Moves bought credits from one pool of the team to another, and returns how much. The caller has locked both pools and
 * compared the amount with `readTransferable`.
 */
export async function postTransfer(tx: Tx, posting: TransferPosting, now: Date): Promise<bigint> {
  const { teamId, id, fromPoolId, toPoolId, amountNanos, reason, madeByMemberId, details } = posting
  const amount = amountNanos === "all" ? null : amountNanos
  const [row] = await tx.$queryRaw<{ moved_nanos: bigint }[]>`
    SELECT moved_nanos FROM ledger_transfer(
      ${teamId}::uuid, ${id}::uuid, ${fromPoolId}::uuid, ${toPoolId}::uuid, ${amount}::bigint, ${reason}::text,
      ${madeByMemberId}::uuid, ${details.from}::text, ${details.to}::text, ${now}::timestamptz)`
  if (!row) throw new Error("ledger_transfer answered nothing")
  return row.moved_nanos
}

/** Returns what a transfer may take from a pool now, after writing off what time has ended. Locks both pools. */
export async function lockTransferable(
  tx: Tx,
  { teamId, fromPoolId, toPoolId }: Pick<TransferPosting, "teamId" | "fromPoolId" | "toPoolId">,
  now: Date,
): Promise<bigint> {
  await tx.$executeRaw`SELECT 1 FROM pools WHERE team_id = ${teamId}::uuid AND id IN (${fromPoolId}::uuid, ${toPoolId}::uuid)
    ORDER BY id FOR NO KEY UPDATE`
  await tx.$executeRaw`SELECT ledger_expire(${teamId}::uuid, ${fromPoolId}::uuid, ${now}::timestamptz)`
  const [row] = await tx.$queryRaw<{ nanos: bigint | null }[]>`
    SELECT ledger_transferable(${teamId}::uuid, ${fromPoolId}::uuid) AS nanos`
  return row?.nanos ?? 0n
}
