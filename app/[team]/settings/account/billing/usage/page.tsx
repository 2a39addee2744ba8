import { notFound } from "next/navigation"
import { Notice } from "@/components/ui/notice"
import { getUsagePage } from "@/lib/usage/get-usage-page"
import { parseUsageQuery, usageHref } from "@/lib/usage/page-query"
import { billingHref } from "@/lib/web/billing-tabs"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { Framed } from "../framed"
import { groupLinks, TOTALS } from "./choices"
import { Filters } from "./filters"
import { Records } from "./records"
import { Totals } from "./totals"

export const generateMetadata = teamTitle("Usage", "own-balance:view")

type Props = {
  params: Promise<{ team: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Who used what, when, and what paid for it. The address is the whole state, so that a view can be kept and sent. */
export default async function UsagePage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const viewer = await requireMember(slug, "own-balance:view")
  const query = parseUsageQuery(await searchParams)
  if (!query) notFound()
  const page = await getUsagePage(pageCtx(), viewer, query)
  if (!page) notFound()

  const path = billingHref(slug, "usage")
  return (
    <Framed current="usage" poolId={query.pool ?? null} viewer={viewer}>
      <Filters page={page} path={path} query={query} teamSlug={slug} />
      {page.usage ? (
        <Totals
          groups={groupLinks(path, query, page.seesEverybody)}
          page={page}
          path={path}
          query={query}
          viewer={viewer}
        />
      ) : page.problem ? (
        // Days say it at their own fields.
        page.problem.field === "by" && <Notice tone="warning">{page.problem.message}</Notice>
      ) : (
        <Records
          backHref={usageHref(path, query, TOTALS)}
          page={page}
          path={path}
          query={query}
          viewer={viewer}
        />
      )}
    </Framed>
  )
}
