import { isLive } from "@/lib/billing/subscription-status"
import { syncSubscription } from "@/lib/billing/sync-subscription"
import type { Db } from "@/lib/db/client"
import { isPassingFailure } from "@/lib/db/failures"
import { SubscriptionStatus } from "@/lib/db/generated/enums"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"

/** The teams that one run asks Stripe about. The next run, a minute later, goes on. */
const MAX_TEAMS = 200

const LIVE = Object.values(SubscriptionStatus).filter(isLive)

/**
 * Asks Stripe about every subscription whose known period has ended, so that it renews, changes or ends even if its events
 * were lost. A subscription that was due to end does so even while Stripe can't be asked.
 */
export async function syncDueSubscriptions(ctx: { db: Db; now: Date }): Promise<number> {
  const { db, now } = ctx
  await endCancelled(ctx)
  const due = await db.subscription.findMany({
    where: { status: { in: LIVE }, OR: [{ periodEndsAt: { lte: now } }, { cancelAt: { lte: now } }] },
    orderBy: { syncedAt: "asc" },
    take: MAX_TEAMS,
    select: { teamId: true },
  })
  for (const { teamId } of due) {
    try {
      await syncSubscription(ctx, teamId)
    } catch (error) {
      // The others would wait for Stripe just as long, and pools wait for this run.
      if (error instanceof UnavailableError) break
      if (isPassingFailure(error)) throw error
      alarm("subscription_sync_failed", {
        team: teamId,
        reason: error instanceof Error ? error.message : String(error),
      })
    }
  }
  return due.length
}

async function endCancelled({ db, now }: { db: Db; now: Date }): Promise<void> {
  await db.$executeRaw`
    UPDATE teams t SET plan = 'free' FROM subscriptions s
    WHERE s.team_id = t.id AND s.cancel_at <= ${now} AND s.status IN ('trialing', 'active', 'past_due')
      AND t.plan NOT IN ('free', 'enterprise')`
}
