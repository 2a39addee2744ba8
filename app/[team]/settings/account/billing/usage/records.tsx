import { BackLink } from "@/components/ui/back-link"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Pager } from "@/components/ui/pager"
import { UsageRecords } from "@/components/usage/usage-records"
import { rangeInWords } from "@/components/usage/usage-words"
import type { UsagePage } from "@/lib/usage/get-usage-page"
import { type UsageQuery, usageHref } from "@/lib/usage/page-query"
import { billingHref } from "@/lib/web/billing-tabs"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { toRecordRows } from "./rows"

type RecordsProps = {
  page: Extract<UsagePage, { records: object }>
  path: string
  query: UsageQuery
  viewer: Viewer
  backHref: string
}

export async function Records({ page, path, query, viewer, backHref }: RecordsProps) {
  const { now } = pageCtx()
  const { records, range, seesCosts, seesEverybody, choices } = page
  const { day } = query
  const days = rangeInWords(day ? "custom" : query.range, day ? { from: day, to: day } : range, now)
  const transactionsPath = seesEverybody ? `${billingHref(viewer.team.slug, "overview")}/transactions` : null
  return (
    <div className="flex flex-col gap-4">
      <div>
        <BackLink href={backHref}>Back to usage</BackLink>
        <Card labelledBy="records-title">
          <CardHeader>
            <CardTitle id="records-title">Records {days}</CardTitle>
          </CardHeader>
          <CardSection>
            {records.records.length === 0 ? (
              <EmptyState title="No records here">
                {records.next ? "Older ones may follow." : "Choose other days, or clear the filter."}
              </EmptyState>
            ) : (
              <UsageRecords
                hasCosts={seesCosts}
                now={await readersNow(now)}
                records={toRecordRows(records.records, { choices, seesCosts, transactionsPath })}
              />
            )}
            <p className="mt-4 text-caption text-muted">As charged. Days are UTC’s.</p>
          </CardSection>
        </Card>
      </div>
      <Pager
        label="Pages of records"
        newerHref={query.after && usageHref(path, query, { after: undefined })}
        olderHref={records.next && usageHref(path, query, { after: records.next })}
        words={{ newer: "Newest", older: "Older" }}
      />
    </div>
  )
}
