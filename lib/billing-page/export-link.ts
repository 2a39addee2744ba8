import { timingSafeEqual } from "node:crypto"
import { sign } from "@/lib/auth/sign"
import { hashToken } from "@/lib/auth/token"
import type { Db } from "@/lib/db/client"
import type { Export } from "@/lib/db/generated/client"

/**
 * Returns the secret of an export's link. It is made anew where it is shown, so that no job carries it, and the
 * database keeps only its hash.
 */
export function exportToken({ teamId, id }: { teamId: string; id: string }): string {
  return sign("export", `${teamId}.${id}`)
}

/** Returns an export of the team whose link still works, for whoever has its secret. Null for all else. */
export async function findReadyExport(
  db: Db,
  { teamId, exportId, token, now }: { teamId: string; exportId: string; token: string; now: Date },
): Promise<Export | null> {
  const found = await db.export.findUnique({ where: { teamId_id: { teamId, id: exportId } } })
  if (!found?.tokenHash || !found.expiresAt || found.expiresAt <= now) return null
  const [given, kept] = [Buffer.from(hashToken(token)), Buffer.from(found.tokenHash)]
  return given.length === kept.length && timingSafeEqual(given, kept) ? found : null
}
