import { notFound } from "next/navigation"
import { PageHeader } from "@/components/shell/page-header"
import { StatementsCard } from "@/components/statements/statements-card"
import { BackLink } from "@/components/ui/back-link"
import { Pager } from "@/components/ui/pager"
import { isMonth } from "@/lib/statements/month"
import { listStatements } from "@/lib/statements/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { statementsPath, toStatementRow } from "./rows"

export const generateMetadata = teamTitle("Statements", "statements:view")

const PAGE_SIZE = 24

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ before?: string | string[] }> }

export default async function StatementsPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { team } = await requireMember(slug, "statements:view")
  const { before } = await searchParams
  if (before !== undefined && (typeof before !== "string" || !isMonth(before))) notFound()
  const found = await listStatements(pageCtx().db, team.id, { before, limit: PAGE_SIZE + 1 })
  const rows = found.slice(0, PAGE_SIZE).map((each) => toStatementRow(slug, each))
  const path = statementsPath(slug)
  return (
    <>
      <BackLink href={`/${slug}/settings/account/billing/payments`}>Payments</BackLink>
      <PageHeader
        description="One for each month in UTC, made when it ends. It never changes."
        title="Statements"
      />
      <div className="flex flex-col gap-4">
        <StatementsCard rows={rows} />
        <Pager
          label="Pages of statements"
          newerHref={before === undefined ? null : path}
          olderHref={found.length > PAGE_SIZE ? `${path}?before=${rows.at(-1)?.month}` : null}
          words={{ newer: "Newest", older: "Older" }}
        />
      </div>
    </>
  )
}
