import { getAutoTopUp } from "@/lib/auto-top-up/queries"
import { MINUTE_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import type { Crossing } from "@/lib/ledger/crossing"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { enqueueJob } from "@/lib/queue/enqueue"
import type { Payload } from "@/lib/queue/jobs"

/** As long as a working top-up may take. */
const PATIENCE_MS = MINUTE_MS

type PoolRef = { teamId: string; poolId: string }

/**
 * Tells, once per fall, that a pool has become low or is used up. Stays silent if the fall is over already, or if the
 * balance has only flapped around its threshold since it was last told. While a working top-up is on its way, looks
 * again in a minute.
 */
export async function tellBalance(ctx: { db: Db; now: Date }, job: Payload<"tell-balance">): Promise<void> {
  const { db, now } = ctx
  const { teamId, poolId, crossing, revision } = job
  const pool = await readFallen(db, { teamId, poolId }, crossing)
  if (!pool) return
  // Before the transaction: inside, it would wait for a second connection, which ten at once may never get.
  const isWorthWaiting = !job.isSecondLook && (await isBeingToppedUp(db, { teamId, poolId }, now))
  await db.$transaction(async (tx) => {
    if (isWorthWaiting) {
      const key = `tell-balance:${poolId}:${crossing}:${revision}:second`
      const runAt = new Date(now.getTime() + PATIENCE_MS)
      return enqueueJob(tx, "tell-balance", { ...job, isSecondLook: true }, { key, runAt })
    }
    if (!(await takeAlarm(tx, { teamId, poolId }, crossing))) return
    const query = queryIn(tx)
    const balance = toDecimalString(pool.creditsNanos)
    const told = { teamId, poolId, cause: `${poolId}:${revision}` }
    if (crossing === "depleted") {
      await raise(query, { ...told, type: "credit_balance_depleted", data: { balance } }, now)
      return
    }
    const data = { balance, threshold: toDecimalString(pool.thresholdNanos) }
    await raise(query, { ...told, type: "credit_balance_low", data }, now)
  })
}

async function readFallen(db: Db, { teamId, poolId }: PoolRef, crossing: Crossing) {
  const [pool] = await db.$queryRaw<
    { creditsNanos: bigint; thresholdNanos: bigint; isLow: boolean; isDepleted: boolean }[]
  >`
    SELECT p.credits_nanos AS "creditsNanos", p.is_low AS "isLow", p.is_depleted AS "isDepleted",
      low_balance_threshold(p.team_id, p.id) AS "thresholdNanos"
    FROM pools p WHERE p.team_id = ${teamId}::uuid AND p.id = ${poolId}::uuid`
  if (!pool) return null
  return (crossing === "low" ? pool.isLow : pool.isDepleted) ? pool : null
}

async function isBeingToppedUp(db: Db, ref: PoolRef, now: Date): Promise<boolean> {
  const { decision } = await getAutoTopUp(db, ref, now)
  return decision?.kind === "charge" || decision?.reason === "attempt_open"
}

/**
 * Returns true if nobody was told since the balance last recovered by more than a little, and notes that somebody now
 * is.
 */
async function takeAlarm(tx: Tx, { teamId, poolId }: PoolRef, crossing: Crossing): Promise<boolean> {
  const taken = await tx.$queryRaw<unknown[]>`
    INSERT INTO balance_alarms AS a (team_id, pool_id, crossing, is_armed)
    VALUES (${teamId}::uuid, ${poolId}::uuid, ${crossing}, false)
    ON CONFLICT (team_id, pool_id, crossing) DO UPDATE SET is_armed = false WHERE a.is_armed RETURNING 1`
  return taken.length > 0
}
