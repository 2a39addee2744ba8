import type { Db } from "@/lib/db/client"
import { log } from "@/lib/log"
import type { Jobs } from "./enqueue"

/** Says once that a pool has become low or was used up. Whoever runs this installation reads it in the log. */
export async function tellBalance({ db }: { db: Db }, job: Jobs["tell-balance"]): Promise<void> {
  const { teamId, poolId, crossing } = job
  const pool = await db.pool.findUnique({
    where: { teamId_id: { teamId, id: poolId } },
    select: { creditsNanos: true },
  })
  log().info(
    { teamId, poolId, balanceNanos: String(pool?.creditsNanos) },
    crossing === "low" ? "A pool's balance is low" : "A pool is used up",
  )
}
