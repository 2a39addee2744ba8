import { deedOf } from "@/lib/audit/kinds"
import { CSV_BEGIN, csvLine } from "@/lib/csv"
import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import type { AuditFilter, AuditPlace } from "./filter"
import { type AuditEvent, listAuditEventsBefore } from "./queries"

const COLUMNS = [
  "time",
  "who",
  "email",
  "address",
  "kind",
  "deed",
  "subject_kind",
  "subject_id",
  "subject",
  "before",
  "after",
  "event_id",
]

/** Few enough that a part is small, and many enough that a large log takes few statements. */
const PART = 1_000

/**
 * Yields the events that fit as CSV, newest first, a part at a time: a log of any length takes the memory of one
 * part. Before each part it asks whether the reader may still have it, and throws if not.
 */
export async function* exportEvents(
  db: Db,
  teamId: string,
  filter: AuditFilter,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<string> {
  yield CSV_BEGIN + csvLine(COLUMNS)
  let before: AuditPlace | null = null
  for (;;) {
    if (!(await mayGoOn())) throw new Error("The reader may no longer see the audit log")
    const events: AuditEvent[] = await listAuditEventsBefore(db, teamId, filter, { before, limit: PART })
    if (events.length > 0) yield events.map(lineOf).join("")
    if (events.length < PART) return
    before = events.at(-1) ?? null
  }
}

function lineOf({ id, kind, actor, address, subject, before, after, occurredAt }: AuditEvent): string {
  return csvLine([
    occurredAt.toISOString(),
    actor?.name ?? "Credits",
    actor?.email ?? null,
    address,
    kind,
    deedOf(kind),
    subject?.kind ?? null,
    subject?.id ?? null,
    subject?.name ?? null,
    before && JSON.stringify(before),
    after && JSON.stringify(after),
    toPublicId("aud", id),
  ])
}
