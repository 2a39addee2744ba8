import { notFound } from "next/navigation"
import { AuditFilterBar } from "@/components/audit-log/audit-filter-bar"
import { AuditList } from "@/components/audit-log/audit-list"
import { PageHeader } from "@/components/shell/page-header"
import { buttonStyles } from "@/components/ui/button-styles"
import { Card, CardSection } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Pager } from "@/components/ui/pager"
import { filterQuery, parseFilter, parsePlaces, placeText } from "@/lib/audit-log/filter"
import { listActors, listAuditPage } from "@/lib/audit-log/queries"
import { toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { auditLogPath, kindChoices, personChoices, toAuditRows } from "./rows"

export const generateMetadata = teamTitle("Audit log", "audit-log:view")

type Query = Partial<Record<"person" | "kind" | "from" | "to" | "before" | "after", string | string[]>>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

const WRONG_DAYS = "The last day is before the first."

export default async function AuditLogPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { team } = await requireMember(slug, "audit-log:view")
  const query = await searchParams
  const [filter, places] = [parseFilter(query), parsePlaces(query)]
  if (!filter || !places) notFound()
  const { db, now } = pageCtx()
  const [page, people, readerNow] = await Promise.all([
    listAuditPage(db, team.id, filter, places),
    listActors(db, team.id, filter.memberId),
    readersNow(now),
  ])
  if (filter.memberId && !people.some(({ memberId }) => memberId === filter.memberId)) notFound()

  const rows = await toAuditRows(db, team, page.events)
  const path = auditLogPath(slug)
  const chosen = filterQuery(filter)
  const isFiltered = chosen.size > 0
  const href = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams([...chosen, ...Object.entries(more)])}`
  const { memberId, kind, from, to } = filter
  return (
    <>
      <PageHeader
        action={
          <a
            className={buttonStyles("secondary", "medium")}
            download
            href={`/api/teams/${slug}/audit-log${isFiltered ? `?${chosen}` : ""}`}
          >
            Export CSV
          </a>
        }
        description="Who did what in your team, when and from where."
        title="Audit log"
        trail={["Settings", "Team"]}
      />
      <div className="flex flex-col gap-4">
        <AuditFilterBar
          fields={{
            person: memberId ? toPublicId("member", memberId) : "",
            kind: kind ?? "",
            from: from ?? "",
            to: to ?? "",
          }}
          kinds={kindChoices()}
          path={path}
          people={personChoices(people)}
          problem={from && to && to < from ? WRONG_DAYS : null}
        />
        <Card>
          <CardSection>
            {rows.length === 0 ? (
              <Nothing isFiltered={isFiltered} />
            ) : (
              <AuditList now={readerNow} rows={rows} />
            )}
          </CardSection>
        </Card>
        <Pager
          label="Pages of the audit log"
          newerHref={page.newer && href({ after: placeText(page.newer) })}
          olderHref={page.older && href({ before: placeText(page.older) })}
        />
      </div>
    </>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title="No events match">Change the filter, or clear it.</EmptyState>
  return (
    <EmptyState title="No events yet">
      Changes to the team, billing, keys and webhooks appear here.
    </EmptyState>
  )
}
