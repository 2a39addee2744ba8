import { notFound } from "next/navigation"
import { ExportPage } from "@/components/credits/export-page"
import { exportToken, findReadyExport } from "@/lib/billing-page/export-link"
import { fromPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"

export const generateMetadata = teamTitle("Export", "records:export")

type Props = {
  params: Promise<{ team: string; id: string }>
  searchParams: Promise<{ key?: string | string[] }>
}

/** Shows whoever asked for an export how far it is, and everybody with its link where the file is. */
export default async function ExportRoute({ params, searchParams }: Props) {
  const { team: slug, id } = await params
  const { team, member } = await requireMember(slug, "records:export")
  const { key } = await searchParams
  const exportId = fromPublicId("exp", id)
  if (exportId === null || Array.isArray(key)) notFound()
  const { db, now } = pageCtx()
  const place = { teamId: team.id, id: exportId }
  const found = await db.export.findUnique({ where: { teamId_id: place } })
  const isOwn = found?.memberId === member.id
  // Their own needs no link: the page makes it.
  const token = key ?? (isOwn ? exportToken(place) : "")
  const ready = await findReadyExport(db, { teamId: team.id, exportId, token, now })
  if (!found || (!ready && (!isOwn || found.tokenHash !== null))) notFound()
  const { countedRows, expectedRows, expiresAt } = found
  return (
    <ExportPage
      backHref={`/${slug}/settings/account/billing/transactions`}
      countedRows={Number(countedRows)}
      expectedRows={Number(expectedRows)}
      file={
        ready && expiresAt
          ? {
              href: `/api/teams/${slug}/exports?id=${id}&key=${token}`,
              expiresAt: expiresAt.toISOString(),
            }
          : null
      }
      now={await readersNow(now)}
    />
  )
}
