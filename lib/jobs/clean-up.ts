import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"

/** So long it stays known when payments were compared with Stripe, and what was found. */
const RUNS_KEPT_MS = 90 * DAY_MS

/** Removes what has no meaning any more: ended sessions, sign-in links past their time, counters of past windows. */
export async function cleanUp({ db, now }: { db: Db; now: Date }): Promise<void> {
  await db.session.deleteMany({ where: { expiresAt: { lt: now } } })
  await db.verificationToken.deleteMany({ where: { expiresAt: { lt: now } } })
  await db.rateLimit.deleteMany({ where: { windowStart: { lt: new Date(now.getTime() - DAY_MS) } } })
  const oldest = new Date(now.getTime() - RUNS_KEPT_MS)
  await db.reconciliationRun.deleteMany({ where: { finishedAt: { lt: oldest } } })
  await db.reconciliationResult.deleteMany({ where: { createdAt: { lt: oldest } } })
}
