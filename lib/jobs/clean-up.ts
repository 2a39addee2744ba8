import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"

/** How long comparisons with Stripe and their findings are kept. */
const RUNS_KEPT_MS = 90 * DAY_MS

/** Longer than the notice to the old address is tried. */
const EMAIL_CHANGES_KEPT_MS = 30 * DAY_MS

/** Longer than one is tried to be prepared. */
const EXPORTS_KEPT_MS = 7 * DAY_MS

/** Longer than the bell shows them, and longer than any cause could be told again. */
const NOTIFICATIONS_KEPT_MS = 180 * DAY_MS
const DELIVERIES_KEPT_MS = 30 * DAY_MS

/**
 * Removes what is of no use any more: ended sessions, expired sign-in links and changes of address, counters of past windows, failed jobs that a newer
 * one has replaced, exports whose link has expired, and old notifications and deliveries.
 */
export async function cleanUp({ db, now }: { db: Db; now: Date }): Promise<void> {
  await db.session.deleteMany({ where: { expiresAt: { lt: now } } })
  await db.verificationToken.deleteMany({ where: { expiresAt: { lt: now } } })
  await db.emailChange.deleteMany({
    where: { expiresAt: { lt: new Date(now.getTime() - EMAIL_CHANGES_KEPT_MS) } },
  })
  await db.rateLimit.deleteMany({ where: { windowStart: { lt: new Date(now.getTime() - DAY_MS) } } })
  const oldest = new Date(now.getTime() - RUNS_KEPT_MS)
  await db.reconciliationRun.deleteMany({ where: { finishedAt: { lt: oldest } } })
  await db.reconciliationResult.deleteMany({ where: { createdAt: { lt: oldest } } })
  await db.notification.deleteMany({
    where: { createdAt: { lt: new Date(now.getTime() - NOTIFICATIONS_KEPT_MS) } },
  })
  await db.export.deleteMany({
    where: {
      OR: [{ expiresAt: { lt: now } }, { createdAt: { lt: new Date(now.getTime() - EXPORTS_KEPT_MS) } }],
    },
  })
  await db.webhookDelivery.deleteMany({
    where: { status: { not: "waiting" }, createdAt: { lt: new Date(now.getTime() - DELIVERIES_KEPT_MS) } },
  })
  // A job that is running loses its key when the same job is enqueued again. If it then fails, it stays behind without one.
  await db.$queryRaw`
    SELECT count(*) FROM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs WHERE key IS NULL AND attempts >= max_attempts AND locked_at IS NULL))`
}
