import type { MemberActor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { InvalidInputError, NotFoundError, TooManyAttemptsError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { enqueueJob } from "@/lib/queue/enqueue"
import { admitToExport } from "@/lib/rate-limits/admit-to-export"
import { findExportedPool, parseExport } from "./export-choice"
import { exportDeed } from "./export-deed"
import { getTransactionChoices } from "./transaction-choices"
import { toLedgerFilter } from "./transaction-filter"

/** How many of a team are prepared at once. */
const MOST_WAITING = 3

/**
 * Has a large export counted. Its rows are fixed from here on by the pool's newest entry, because the ledger only grows;
 * nothing is copied. The person is mailed a link once it is counted.
 */
export async function startExport(
  { db, now, teamId, actor }: { db: Db; now: Date; teamId: string; actor: MemberActor },
  query: string,
): Promise<{ exportId: string }> {
  const choice = parseExport(new URLSearchParams(query))
  if (!choice) throw new InvalidInputError("This can’t be exported. Choose a filter on the page.")
  const { memberId, userId, address } = actor
  const pool = await findExportedPool(db, { teamId, memberId }, choice.poolId)
  if (!pool) throw new NotFoundError()
  const { rows } = await getTransactionChoices(db, pool, toLedgerFilter(choice.chosen))
  const { id } = await db.$transaction(async (tx) => {
    await admitToExport(tx, { userId, teamId, address }, now)
    const since = new Date(now.getTime() - HOUR_MS)
    const waiting = await tx.export.count({
      where: { teamId, tokenHash: null, createdAt: { gt: since } },
    })
    if (waiting >= MOST_WAITING)
      throw new TooManyAttemptsError(
        "Your team’s other exports are still being prepared. Wait for one to end.",
      )
    await recordEvent(tx, exportDeed(pool, actor, choice), now)
    const begun = await tx.export.create({
      data: {
        ...{ teamId, poolId: pool.id, memberId, query, createdAt: now },
        ...{ upTo: pool.lastSeq, expectedRows: rows, countedBefore: pool.lastSeq + 1n },
      },
      select: { id: true },
    })
    await enqueueJob(tx, "prepare-export", { teamId, exportId: begun.id }, { key: `export:${begun.id}` })
    return begun
  })
  return { exportId: toPublicId("exp", id) }
}
