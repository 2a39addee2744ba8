import type { Db, Tx } from "@/lib/db/client"

type Snapshot = { teamId: string; kind: "payment_methods" | "subscription" }

/** Returns the number of a read of Stripe that begins now. */
export async function beginSnapshot(db: Db, { teamId, kind }: Snapshot): Promise<bigint> {
  const [row] = await db.$queryRaw<{ last_begun: bigint }[]>`
    INSERT INTO customer_snapshots AS s (team_id, kind, last_begun) VALUES (${teamId}::uuid, ${kind}, 1)
    ON CONFLICT (team_id, kind) DO UPDATE SET last_begun = s.last_begun + 1 RETURNING last_begun`
  if (!row) throw new Error("A snapshot took no number")
  return row.last_begun
}

/**
 * Returns whether this read may be written in this transaction: false if one that began later has been. Whoever claims after
 * it waits until the transaction ends.
 */
export async function claimSnapshot(tx: Tx, { teamId, kind }: Snapshot, number: bigint): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    UPDATE customer_snapshots SET last_written = ${number}
    WHERE team_id = ${teamId}::uuid AND kind = ${kind} AND last_written < ${number}`
  return claimed === 1
}
