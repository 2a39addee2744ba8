import { env } from "@/lib/env"
import { statementCsv } from "@/lib/statements/csv"
import { isMonth, statementNumber } from "@/lib/statements/month"
import { statementPdf } from "@/lib/statements/pdf"
import { getStatement } from "@/lib/statements/queries"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "./page-ctx"
import { getViewer } from "./require-member"

/** Answers with a statement of the team as a file. Null for whoever may not see it, and for what is none. */
export async function statementFile(teamSlug: string, file: string): Promise<Response | null> {
  const viewer = await getViewer(teamSlug)
  if (!viewer || !can(viewer.member.role, "statements:view")) return null
  const [, month = "", kind] = /^(.{7})\.(pdf|csv)$/.exec(file) ?? []
  const statement = isMonth(month) ? await getStatement(pageCtx().db, viewer.team.id, { month }) : null
  if (!statement) return null
  const page = `${env().APP_URL}/${viewer.team.slug}/settings/account/billing/statements/${month}`
  const body =
    kind === "pdf"
      ? new Uint8Array(await statementPdf(statement, { pageUrl: page }))
      : statementCsv(statement)
  return new Response(body, {
    headers: {
      "content-type": kind === "pdf" ? "application/pdf" : "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${statementNumber(statement)}.${kind}"`,
      "cache-control": "no-store, no-transform",
    },
  })
}
