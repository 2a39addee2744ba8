import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { type LimitKind, readLimits } from "@/lib/ledger/limits"

export type Subject = { kind: LimitKind; memberId: string | null; apiKeyId: string | null }
export type Terms = { amountNanos: bigint; isHard: boolean }

/** Returns a subject's limit, if it has one. The caller has locked the team. */
export function findLimit(tx: Tx, teamId: string, { kind, memberId, apiKeyId }: Subject) {
  return tx.spendLimit.findFirst({
    where: { teamId, kind, memberId, apiKeyId },
    select: { id: true, amountNanos: true, isHard: true },
  })
}

/**
 * Makes a subject's limit or changes its terms, and returns its id. What of it people were told is forgotten, so that
 * they are told of the new amount.
 */
export async function writeLimit(
  tx: Tx,
  teamId: string,
  subject: Subject,
  { amountNanos, isHard }: Terms,
  now: Date,
): Promise<string> {
  const known = await findLimit(tx, teamId, subject)
  const told = { toldPercent: 0, stopNanos: -1n }
  if (known) {
    await tx.spendLimit.update({
      where: { teamId_id: { teamId, id: known.id } },
      data: { amountNanos, isHard, ...told, updatedAt: now },
    })
    return known.id
  }
  const { id } = await tx.spendLimit.create({
    data: { teamId, ...subject, amountNanos, isHard },
    select: { id: true },
  })
  return id
}

/**
 * Counts what a new limit's usage of the month has cost so far. In a transaction of its own: usage that was placed
 * before anybody knew of the limit is written until the limit is committed.
 */
export async function beginLimit(tx: Tx, teamId: string, limitId: string, now: Date): Promise<void> {
  // Usage that is being written in a pool ends before the pool's lock.
  await tx.$executeRaw`
    SELECT 1 FROM pools p WHERE p.team_id = ${teamId}::uuid AND EXISTS (
      SELECT 1 FROM spend_limits l JOIN meters m ON m.team_id = l.team_id AND spend_limit_counts(l, m)
      JOIN usage_days d ON d.team_id = l.team_id AND d.meter_no = m.no
        AND d.day >= date_trunc('month', ${now} AT TIME ZONE 'UTC')::date
      WHERE l.team_id = p.team_id AND l.id = ${limitId}::uuid AND d.pool_id = p.id)
    ORDER BY p.id FOR NO KEY UPDATE`
  await readLimits(queryIn(tx), teamId, [limitId], { lock: true, now })
}
