import { StackedBars } from "@/components/charts/stacked-bars"
import { Card, CardSection } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { ChoiceLinks } from "@/components/usage/choice-links"
import { PlanRates } from "@/components/usage/plan-rates"
import { UsageFigure } from "@/components/usage/usage-figure"
import { UsageTable } from "@/components/usage/usage-table"
import type { ChoiceLink } from "@/components/usage/usage-types"
import { comparisonInWords, rangeInWords } from "@/components/usage/usage-words"
import type { UsagePage } from "@/lib/usage/get-usage-page"
import { type UsageQuery, usageHref } from "@/lib/usage/page-query"
import { pageCtx } from "@/lib/web/page-ctx"
import type { Viewer } from "@/lib/web/require-member"
import { GROUP_LABELS, groupInWords } from "./choices"
import { sortHrefs, toChart, toUsageRows } from "./rows"

type TotalsProps = {
  page: Extract<UsagePage, { usage: object }>
  path: string
  query: UsageQuery
  viewer: Viewer
  groups: ChoiceLink[]
}

export function Totals({ page, path, query, viewer, groups }: TotalsProps) {
  const { usage, range, seesCosts } = page
  const { totals, totalsBefore } = usage
  const rangeWords = rangeInWords(query.range, range, pageCtx().now)
  const [amount, before] = seesCosts
    ? [totals.costNanos, totalsBefore.costNanos]
    : [totals.records, totalsBefore.records]
  const sort = page.sort
  return (
    <>
      <Card>
        <CardSection className="flex flex-col gap-5">
          <UsageFigure
            comparison={comparisonInWords(amount, before, range)}
            costNanos={seesCosts ? totals.costNanos : null}
            creditsNanos={totals.creditsNanos}
            includedNanos={totals.includedNanos}
            rangeWords={rangeWords}
            records={totals.records}
          />
          <ChoiceLinks choices={groups} label="Group by" />
          {totals.records === 0n ? (
            <EmptyState title="No usage">
              {page.choices.consumables.length === 0
                ? "Usage appears here as soon as it is reported."
                : "Choose other days, or clear the filter."}
            </EmptyState>
          ) : (
            <>
              {seesCosts && (
                <Chart
                  page={page}
                  path={path}
                  query={query}
                  title={`Cost by ${groupInWords(query.by)} ${rangeWords}`}
                />
              )}
              <UsageTable
                caption={`Usage by ${groupInWords(query.by)} ${rangeWords}`}
                hasCosts={seesCosts}
                hasRates={seesCosts && query.by === "consumable"}
                nameTitle={GROUP_LABELS[query.by]}
                rows={toUsageRows(usage, { path, query, seesCosts, plan: viewer.team.plan })}
                sort={{ column: sort.sort, isReverse: sort.isReverse }}
                sortHrefs={sortHrefs(path, query, { column: sort.sort, isReverse: sort.isReverse })}
              />
            </>
          )}
          {usage.isBehind && (
            <p className="text-caption text-muted">
              The newest usage isn’t told apart by {groupInWords(query.by)} yet.
            </p>
          )}
        </CardSection>
      </Card>
      <PlanRates plan={viewer.team.plan} />
    </>
  )
}

/** Bars and their parts lead to their records; a span of days to those days. */
function Chart({
  page,
  path,
  query,
  title,
}: Pick<TotalsProps, "page" | "path" | "query"> & { title: string }) {
  const { days, series, dayHrefs } = toChart(page.usage, page.range, { path, query })
  return (
    <StackedBars
      dayHrefs={dayHrefs}
      days={days}
      selectHref={usageHref(path, query, { range: "custom", from: "FROM-DAY", to: "TO-DAY" })}
      series={series}
      title={title}
    />
  )
}
