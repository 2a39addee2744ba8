import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { enqueueTopUp } from "@/lib/queue/enqueue-top-up"
import type { PoolRef } from "@/lib/top-up-settings/settings"

/** How many pools one run looks at. The next run, a minute later, continues. */
const MAX_POOLS = 1_000

/**
 * Finds what was missed: due pools that weren't topped up, and top-ups under way for longer than they should take.
 * One that waits for a person is looked at when its time is over, one that the bank is still processing once an hour.
 */
export async function sweepTopUps({ db, now }: { db: Db; now: Date }): Promise<number> {
  const isFullHour = now.getUTCMinutes() === 0
  const missed = await db.$queryRaw<PoolRef[]>`
    SELECT "teamId", "poolId" FROM (
    SELECT s.team_id AS "teamId", s.pool_id AS "poolId" FROM auto_top_up_settings s
    JOIN pools p ON p.team_id = s.team_id AND p.id = s.pool_id JOIN teams t ON t.id = s.team_id
    WHERE s.enabled AND s.paused_at IS NULL AND s.due_at IS NOT NULL AND top_up_is_wanted(s, pool_available(p))
      AND t.deleted_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM purchases o WHERE o.team_id = s.team_id AND o.pool_id = s.pool_id AND o.kind = 'auto_top_up'
        AND o.status IN ('created', 'open', 'processing'))
      -- A suspended card stays suspended until there is another, or a person resumes it.
      AND NOT (s.suspended_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payment_methods m WHERE m.team_id = s.team_id AND m.is_default
          AND coalesce(m.fingerprint, m.id) = s.failed_fingerprint))
    UNION
    SELECT o.team_id, o.pool_id FROM purchases o
    WHERE o.kind = 'auto_top_up' AND CASE o.status
      WHEN 'created' THEN true
      WHEN 'open' THEN NOT o.needs_authentication OR o.expires_at <= ${now}
      WHEN 'processing' THEN ${isFullHour}
      ELSE false END
    -- In any order, so that none is always the one too many.
    ) missed ORDER BY random() LIMIT ${MAX_POOLS}`
  for (const ref of missed) await enqueueTopUp(queryIn(db), ref)
  return missed.length
}
