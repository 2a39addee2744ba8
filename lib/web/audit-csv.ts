import { auditTable } from "@/lib/audit-log/export-events"
import type { AuditFilter } from "@/lib/audit-log/filter"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { writeTable } from "@/lib/table-file"
import type { Membership } from "@/lib/teams/queries"
import { utcDayOf } from "@/lib/utc-day"
import { fileResponse, stillMay } from "./file-response"

/** Answers with the team's audit log as a file. Ends in the middle when the reader is removed or demoted meanwhile. */
export function auditCsv(
  reader: { team: Membership["team"]; tokenHash: string },
  filter: AuditFilter,
): Response {
  const { team } = reader
  const parts = writeTable(auditTable(db(), team.id, filter), "csv_bom", stillMay(reader, "audit-log:view"))
  const name = `audit-log-${team.slug}-${utcDayOf(clock.now())}`
  return fileResponse(parts, { name, format: "csv_bom", what: "the audit log", teamId: team.id })
}
