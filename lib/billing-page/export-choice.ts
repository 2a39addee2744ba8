import type { Db } from "@/lib/db/client"
import { fromPublicId } from "@/lib/ids"
import type { PoolRef } from "@/lib/ledger/transactions"
import { FILE_FORMATS, type FileFormat } from "@/lib/table-file"
import { type ChosenTransactions, FILTER_FIELDS, parseChosen, problemsOf } from "./transaction-filter"

/** From here on an export is counted by a job and comes by mail. One can wait for a smaller one. */
export const LARGE_EXPORT = 100_000n

/** An export as an address asks for it. */
export type ExportChoice = {
  /** Null: the reader's own, or the one that the team shares. */
  poolId: string | null
  chosen: ChosenTransactions
  format: FileFormat
  /** The newest entry that belongs to it. Null: all there is now. */
  upTo: bigint | null
}

const NAMES = new Set<string>(["pool", "format", "up_to", ...FILTER_FIELDS])

/** Reads an address. Null for one that no page of ours makes: a wrong or unknown field, or one that is there twice. */
export function parseExport(query: URLSearchParams): ExportChoice | null {
  const names = [...query.keys()]
  if (new Set(names).size < names.length || names.some((name) => !NAMES.has(name))) return null
  const { pool, format = "csv", up_to: upTo, ...rest } = Object.fromEntries(query)
  const poolId = pool === undefined ? null : fromPublicId("pool", pool)
  const chosen = parseChosen(rest)
  if ((pool !== undefined && poolId === null) || !chosen || Object.keys(problemsOf(chosen)).length > 0)
    return null
  if (!isFormat(format) || (upTo !== undefined && !/^[0-9]{1,18}$/.test(upTo))) return null
  return { poolId, chosen, format, upTo: upTo === undefined ? null : BigInt(upTo) }
}

const isFormat = (text: string): text is FileFormat => FILE_FORMATS.some((format) => format === text)

/** Returns a pool of the team with its newest entry, or null. */
export async function findExportedPool(
  db: Db,
  { teamId, memberId }: { teamId: string; memberId: string },
  poolId: string | null,
): Promise<(PoolRef & { lastSeq: bigint; holder: string | null }) | null> {
  const [pool] = await db.$queryRaw<(PoolRef & { lastSeq: bigint; holder: string | null })[]>`
    SELECT p.team_id AS "teamId", p.id, p.no, p.last_seq AS "lastSeq",
      CASE WHEN p.member_id IS NOT NULL THEN coalesce(u.name, u.email, 'Former member') END AS holder
    FROM pools p LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id LEFT JOIN users u ON u.id = m.user_id
    WHERE p.team_id = ${teamId}::uuid AND (${poolId}::uuid IS NULL OR p.id = ${poolId}::uuid)
    ORDER BY p.member_id IS NOT DISTINCT FROM ${memberId}::uuid DESC, p.no LIMIT 1`
  return pool ?? null
}
