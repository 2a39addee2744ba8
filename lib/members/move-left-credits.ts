import type { Db, Tx } from "@/lib/db/client"
import { keepsOthers } from "@/lib/db/keeps-others"
import { transferCredits } from "@/lib/transfers/transfer-credits"
import { lockMembers } from "./store"

/** The pools that one run empties. The next run, a few minutes later, goes on. */
const MAX_POOLS = 1_000

type Left = { teamId: string; memberId: string; byMemberId: string | null }

/**
 * Moves the bought credits of a person who has left to the pool that pays for the team, unless they were to stay.
 * What holds set aside stays until they settle. Returns how much was moved, which may be nothing.
 */
export async function moveLeftCredits(
  tx: Tx,
  { teamId, memberId, byMemberId }: Left,
  now: Date,
): Promise<bigint> {
  // Nobody comes back to the team meanwhile.
  const left = (await lockMembers(tx, { teamId, memberIds: [memberId] })).get(memberId)
  if (!left?.removedAt || !left.movesCredits) return 0n
  const [pools] = await tx.$queryRaw<{ fromPoolId: string; toPoolId: string }[]>`
    SELECT p.id AS "fromPoolId", q.id AS "toPoolId" FROM pools p
    JOIN teams t ON t.id = p.team_id AND t.deleted_at IS NULL
    JOIN members o ON o.team_id = p.team_id AND o.role = 'OWNER' AND o.removed_at IS NULL
    JOIN pools q ON q.team_id = p.team_id
      AND q.member_id IS NOT DISTINCT FROM CASE WHEN t.plan = 'enterprise' THEN NULL ELSE o.id END
    WHERE p.team_id = ${teamId}::uuid AND p.member_id = ${memberId}::uuid`
  if (!pools) return 0n
  const { amountNanos } = await transferCredits(
    tx,
    { teamId, ...pools, amountNanos: "all", reason: "removal", madeByMemberId: byMemberId },
    now,
  )
  return amountNanos
}

/**
 * Moves what came back to the pools of people who have left: from holds that were settled, payments that arrived late
 * and disputes that were won. Returns how many pools it emptied.
 */
export async function sweepLeftCredits({ db, now }: { db: Db; now: Date }): Promise<number> {
  const due = await db.$queryRaw<{ teamId: string; memberId: string }[]>`
    SELECT m.team_id AS "teamId", m.id AS "memberId" FROM members m
    JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    JOIN pools p ON p.team_id = m.team_id AND p.member_id = m.id
    WHERE m.moves_credits AND p.credits_nanos > 0 AND ledger_transferable(p.team_id, p.id) > 0
    ORDER BY m.team_id, m.id LIMIT ${MAX_POOLS}`
  for (const left of due)
    await keepsOthers("left_credits_stuck", left, () =>
      db.$transaction((tx) => moveLeftCredits(tx, { ...left, byMemberId: null }, now)),
    )
  return due.length
}
