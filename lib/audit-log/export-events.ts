import { deedOf } from "@/lib/audit/kinds"
import type { CsvCell } from "@/lib/csv"
import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import type { Table } from "@/lib/table-file"
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

/** Returns the events that fit as a table, newest first. */
export function auditTable(db: Db, teamId: string, filter: AuditFilter): Table<AuditEvent> {
  return { columns: COLUMNS, toCells, parts: readParts(db, teamId, filter) }
}

async function* readParts(db: Db, teamId: string, filter: AuditFilter): AsyncGenerator<AuditEvent[]> {
  let before: AuditPlace | null = null
  for (;;) {
    const events: AuditEvent[] = await listAuditEventsBefore(db, teamId, filter, { before, limit: PART })
    yield events
    if (events.length < PART) return
    before = events.at(-1) ?? null
  }
}

function toCells({ id, kind, actor, address, subject, before, after, occurredAt }: AuditEvent): CsvCell[] {
  return [
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
  ]
}
