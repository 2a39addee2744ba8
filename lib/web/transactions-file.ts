import { recordEvent } from "@/lib/audit/record-event"
import { type ExportChoice, findExportedPool } from "@/lib/billing-page/export-choice"
import { transactionTable } from "@/lib/billing-page/export-transactions"
import { chosenQuery, toLedgerFilter } from "@/lib/billing-page/transaction-filter"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { exportConnections } from "@/lib/db/export-connections"
import { TooManyAttemptsError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { least } from "@/lib/money/least"
import { admitToExport } from "@/lib/rate-limits/admit-to-export"
import { writeTable } from "@/lib/table-file"
import { utcDayOf } from "@/lib/utc-day"
import { takeExportPlace } from "./export-places"
import { fileResponse, stillMay } from "./file-response"
import type { Viewer } from "./require-member"

/** Who asks for a file, with which session and from where. */
export type FileReader = { viewer: Viewer; tokenHash: string; address: string }

/**
 * Answers with the transactions that an address asks for, and writes into the audit log who took them. Null if the team
 * has no such pool.
 */
export async function transactionsFile(
  { viewer, tokenHash, address }: FileReader,
  { poolId, chosen, format, upTo }: ExportChoice,
): Promise<Response | null> {
  const { team, user, member } = viewer
  const now = clock.now()
  const pool = await findExportedPool(db(), { teamId: team.id, memberId: member.id }, poolId)
  if (!pool) return null
  const giveBack = takeExportPlace({ userId: user.id, teamId: team.id })
  if (!giveBack) return tooMany("Too many exports at once. Wait for one to end, then try again.")
  try {
    await db().$transaction(async (tx) => {
      await admitToExport(tx, { userId: user.id, teamId: team.id, address }, now)
      const deed = {
        teamId: team.id,
        actor: { memberId: member.id, userId: user.id, email: user.email, address },
        kind: "transactions.exported" as const,
        subject: {
          kind: "pool" as const,
          id: toPublicId("pool", pool.id),
          name: pool.holder ? `${pool.holder}’s pool` : "the team’s pool",
        },
        after: { ...chosenQuery(chosen), format },
      }
      await recordEvent(tx, deed, now)
    })
  } catch (error) {
    giveBack()
    if (error instanceof TooManyAttemptsError) return tooMany(error.title)
    throw error
  }
  const table = transactionTable(
    { db: db(), reader: exportConnections() },
    {
      pool: { teamId: team.id, id: pool.id, no: pool.no },
      filter: toLedgerFilter(chosen),
      upTo: upTo === null ? pool.lastSeq : least(upTo, pool.lastSeq),
    },
  )
  const parts = writeTable(table, format, stillMay({ team, tokenHash }, "records:export"))
  const name = `transactions-${team.slug}-${utcDayOf(now)}`
  return fileResponse(parts, { name, format, what: "transactions", teamId: team.id, onEnd: giveBack })
}

export const tooMany = (sentence: string): Response =>
  new Response(`${sentence}\n`, {
    status: 429,
    headers: {
      "retry-after": "60",
      "cache-control": "no-store",
      "content-type": "text/plain; charset=utf-8",
    },
  })
