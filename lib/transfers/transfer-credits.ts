import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { lockTransferable, postTransfer, type TransferPosting } from "@/lib/ledger/post-transfer"
import { announce } from "@/lib/live/announce"
import { formatBalance } from "@/lib/money/usd"
import { getPoolNames } from "@/lib/pools/queries"
import { enqueueFall } from "@/lib/queue/enqueue-fall"

export type Transfer = Omit<TransferPosting, "id" | "details"> & {
  /** The transfer's id, if the caller knows that it wasn't made yet. */
  id?: string
}

/**
 * Moves bought credits between two pools of a team, in the transaction of what asks for it. Promotions and included
 * credits stay, as does what open holds set aside. Returns what was moved; `all` may move nothing. Throws
 * ConflictError if the pool has less to move than the amount. A pool that falls by it is told as low and is not made
 * due for a top-up.
 */
export async function transferCredits(
  tx: Tx,
  transfer: Transfer,
  now: Date,
): Promise<{ transferId: string; amountNanos: bigint }> {
  const { teamId, fromPoolId, toPoolId, amountNanos } = transfer
  const transferableNanos = await lockTransferable(tx, transfer, now)
  if (amountNanos !== "all" && amountNanos > transferableNanos)
    throw new ConflictError(
      transferableNanos > 0n
        ? `Only ${formatBalance(transferableNanos)} of bought credits can be moved.`
        : "There are no bought credits to move.",
    )
  const names = await getPoolNames(tx, teamId, [fromPoolId, toPoolId])
  const details = { from: `To ${nameOf(names, toPoolId)}`, to: `From ${nameOf(names, fromPoolId)}` }
  const transferId = transfer.id ?? newId()
  const movedNanos = await postTransfer(tx, { ...transfer, id: transferId, details }, now)
  const query = queryIn(tx)
  await enqueueFall(query, { teamId, poolId: fromPoolId })
  await announce(query, teamId)
  return { transferId, amountNanos: movedNanos }
}

// An entry's detail has room for 200 characters.
function nameOf(names: Map<string, string>, poolId: string): string {
  return (names.get(poolId) ?? "another pool").slice(0, 150)
}
