import type { Query, Statement } from "@/lib/db/query"
import type { Crossing } from "@/lib/ledger/crossing"
import { enqueueCrossings } from "./enqueue-crossings"

const NOTE_FALL: Statement = {
  name: "ledger_note_fall",
  text: "SELECT crossings, revision FROM ledger_note_fall($1::uuid, $2::uuid)",
}

/** Adds the jobs that tell of a pool's fall by anything but a spend, in the transaction that made it fall. */
export async function enqueueFall(query: Query, pool: { teamId: string; poolId: string }): Promise<void> {
  const { teamId, poolId } = pool
  const [fall] = await query<{ crossings: Crossing[]; revision: bigint | string }>(NOTE_FALL, [
    teamId,
    poolId,
  ])
  if (fall) await enqueueCrossings(query, { teamId, poolId, revision: fall.revision }, fall.crossings)
}
