import { recordEvent } from "@/lib/audit/record-event"
import { type ExportChoice, findExportedPool, parseExport } from "@/lib/billing-page/export-choice"
import { exportDeed } from "@/lib/billing-page/export-deed"
import { findReadyExport } from "@/lib/billing-page/export-link"
import { transactionTable } from "@/lib/billing-page/export-transactions"
import { toLedgerFilter } from "@/lib/billing-page/transaction-filter"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { exportConnections } from "@/lib/db/export-connections"
import { TooManyAttemptsError } from "@/lib/errors"
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
  choice: ExportChoice,
): Promise<Response | null> {
  const { poolId, chosen, format, upTo } = choice
  const { team, user, member } = viewer
  const now = clock.now()
  const pool = await findExportedPool(db(), { teamId: team.id, memberId: member.id }, poolId)
  if (!pool) return null
  const giveBack = takeExportPlace({ userId: user.id, teamId: team.id })
  if (!giveBack) return tooMany("Too many exports at once. Wait for one to end, then try again.")
  try {
    await db().$transaction(async (tx) => {
      await admitToExport(tx, { userId: user.id, teamId: team.id, address }, now)
      const actor = { memberId: member.id, userId: user.id, email: user.email, address }
      await recordEvent(tx, exportDeed(pool, actor, choice), now)
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

/** Answers with a prepared export, to whoever has its link and may export. Null for all others. */
export async function preparedFile(
  reader: FileReader,
  { exportId, token }: { exportId: string; token: string },
): Promise<Response | null> {
  const asked = { teamId: reader.viewer.team.id, exportId, token, now: clock.now() }
  const found = await findReadyExport(db(), asked)
  const choice = found && parseExport(new URLSearchParams(found.query))
  return choice && transactionsFile(reader, { ...choice, poolId: found.poolId, upTo: found.upTo })
}

const tooMany = (sentence: string): Response =>
  new Response(`${sentence}\n`, {
    status: 429,
    headers: {
      "retry-after": "60",
      "cache-control": "no-store",
      "content-type": "text/plain; charset=utf-8",
    },
  })
