import { LinkButton } from "@/components/ui/link-button"
import { ChoiceLinks } from "@/components/usage/choice-links"
import { Narrowings, UsageFilter } from "@/components/usage/usage-filter"
import type { UsagePage } from "@/lib/usage/get-usage-page"
import type { UsageQuery } from "@/lib/usage/page-query"
import { billingHref } from "@/lib/web/billing-tabs"
import { clearHref, filterSelects, keptFields, narrowingsOf, rangeLinks, transactionsHref } from "./choices"

type FiltersProps = { page: UsagePage; path: string; query: UsageQuery; teamSlug: string }

/** The days, and what narrows the figures. */
export function Filters({ page, path, query, teamSlug }: FiltersProps) {
  const shown = page.problem ? null : page.range
  const selects = filterSelects(page, query)
  const narrowings = narrowingsOf(path, query, selects)
  const clear = clearHref(path, query)
  const asTransactions =
    shown && page.seesEverybody
      ? transactionsHref(`${billingHref(teamSlug, "overview")}/transactions`, query, {
          choices: page.choices,
          range: shown,
        })
      : null
  const days =
    query.range === "custom"
      ? {
          ...{ from: query.from ?? shown?.from ?? "", to: query.to ?? shown?.to ?? "" },
          problem: page.problem,
        }
      : null
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <ChoiceLinks choices={rangeLinks(path, query, shown)} label="Days" />
        {asTransactions && (
          <LinkButton href={asTransactions} size="small">
            Export
          </LinkButton>
        )}
      </div>
      <UsageFilter
        clearHref={clear}
        days={days}
        kept={keptFields(query, selects)}
        narrowings={narrowings}
        path={path}
        selects={selects}
      />
      <Narrowings clearHref={clear} narrowings={narrowings} />
    </div>
  )
}
