import { exportEvents } from "@/lib/audit-log/export-events"
import type { AuditFilter } from "@/lib/audit-log/filter"
import { clock } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { log } from "@/lib/log"
import { can } from "@/lib/teams/permissions"
import { getMembershipOfSession, type Membership } from "@/lib/teams/queries"

/**
 * Answers with the team's audit log as a file, read from the database as fast as the browser takes it. Ends in the
 * middle, as a failed download, when the reader is removed or demoted meanwhile.
 */
export function auditCsv(
  { team, tokenHash }: { team: Membership["team"]; tokenHash: string },
  filter: AuditFilter,
): Response {
  const mayGoOn = async () => {
    const asked = { tokenHash, teamSlug: team.slug, now: clock.now() }
    const session = await getMembershipOfSession(db(), asked)
    return session?.membership?.team.id === team.id && can(session.membership.member.role, "audit-log:view")
  }
  const parts = exportEvents(db(), team.id, filter, mayGoOn)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        log().warn({ err: error, team: team.id }, "An export of the audit log broke off")
        controller.error(error)
      }
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
  const day = clock.now().toISOString().slice(0, 10)
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="audit-log-${team.slug}-${day}.csv"`,
      "cache-control": "no-store, no-transform",
    },
  })
}
