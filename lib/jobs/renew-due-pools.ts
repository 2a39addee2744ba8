import { renewPool } from "@/lib/billing/renew-pool"
import type { Db } from "@/lib/db/client"
import { keepsOthers } from "@/lib/db/keeps-others"
import { queryIn } from "@/lib/db/query"

/** The pools that one run renews. The next run, a minute later, goes on. */
const MAX_POOLS = 1_000

/**
 * Renews every pool whose period, hold or grant has run out, so that pages show the new balance before anybody spends, and
 * begins the first period of every new pool. Spending doesn't wait for this: it renews the pool that it finds due.
 */
export async function renewDuePools({ db, now }: { db: Db; now: Date }): Promise<number> {
  const due = await db.$queryRaw<{ teamId: string; poolId: string }[]>`
    SELECT t.id AS "teamId", due.pool_id AS "poolId" FROM (
      SELECT team_id, id AS pool_id, period_ends_at AS due_at FROM pools WHERE period_ends_at <= ${now}
      UNION SELECT team_id, id, holds_expire_at FROM pools WHERE holds_expire_at <= ${now}
      UNION SELECT team_id, pool_id, expires_at FROM grants WHERE is_open AND expires_at <= ${now}
      -- A new pool, if anybody will draw from it: a shared one of Enterprise, a member's own of everybody else.
      UNION SELECT p.team_id, p.id, p.created_at FROM pools p JOIN teams o ON o.id = p.team_id
        LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id AND m.removed_at IS NULL
        WHERE p.period_ends_at IS NULL AND CASE WHEN o.plan = 'enterprise' THEN p.member_id IS NULL ELSE m.id IS NOT NULL END
    ) due JOIN teams t ON t.id = due.team_id WHERE t.deleted_at IS NULL
    -- The pool that has waited longest for Stripe comes last, and holds up no other.
    GROUP BY t.id, due.pool_id ORDER BY max(due.due_at) DESC LIMIT ${MAX_POOLS}`
  for (const pool of due)
    await keepsOthers("renewal_failed", pool, () =>
      db.$transaction((tx) => renewPool(queryIn(tx), pool, now)),
    )
  return due.length
}
