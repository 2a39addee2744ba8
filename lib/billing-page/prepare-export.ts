import { hashToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Reader } from "@/lib/db/export-connections"
import { listTransactionsBefore } from "@/lib/ledger/search-transactions"
import { requirePoolNo } from "@/lib/pools/queries"
import { enqueueJob } from "@/lib/queue/enqueue"
import { parseExport } from "./export-choice"
import { exportToken } from "./export-link"
import { toLedgerFilter } from "./transaction-filter"

/** How long a link works. */
const LINK_MS = DAY_MS
const PART = 5_000
/** After so many parts the job lets others have a turn. */
const PARTS = 20

/**
 * Counts a slice of an export and says how far it has come, or makes it ready and has its link mailed. A slice that is
 * counted twice counts once, because only the one that finds the place where it began may write.
 */
export async function prepareExport(
  { db, reader, now }: { db: Db; reader: Reader; now: Date },
  { teamId, exportId }: { teamId: string; exportId: string },
): Promise<void> {
  const found = await db.export.findUnique({ where: { teamId_id: { teamId, id: exportId } } })
  const choice = found && parseExport(new URLSearchParams(found.query))
  if (!found || !choice || found.countedBefore === null) return
  const pool = { teamId, id: found.poolId, no: await requirePoolNo(db, teamId, found.poolId) }
  const filter = toLedgerFilter(choice.chosen)
  let before: bigint | null = found.countedBefore
  let rows = 0
  for (let part = 0; part < PARTS && before !== null; part++) {
    const search = { before, filter, limit: PART, mostLookedAt: 4 * PART }
    const page = await listTransactionsBefore(reader, pool, search)
    rows += page.transactions.length
    before = page.nextBefore
  }
  const isReady = before === null
  await db.$transaction(async (tx) => {
    const { count } = await tx.export.updateMany({
      where: { teamId, id: exportId, countedBefore: found.countedBefore },
      data: {
        countedRows: { increment: rows },
        countedBefore: before,
        ...(isReady
          ? {
              tokenHash: hashToken(exportToken({ teamId, id: exportId })),
              expiresAt: new Date(now.getTime() + LINK_MS),
            }
          : {}),
      },
    })
    if (count === 0) return
    const next = isReady ? "mail-export" : "prepare-export"
    await enqueueJob(tx, next, { teamId, exportId }, { key: `${next}:${exportId}:${before ?? "ready"}` })
  })
}
