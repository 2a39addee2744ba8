import { Article, PageList, Section } from "@/components/reference/article"
import { ReferenceTable } from "@/components/reference/reference-table"
import { CATALOG } from "@/lib/catalog/catalog"
import { priceOf, rateBaseOf, unitsOf } from "@/lib/catalog/in-words"
import { CONSUMABLE_CODES, PLAN_CODES, type PlanInfo } from "@/lib/catalog/schema"
import { formatUsd } from "@/lib/money/usd"

type RatesProps = { related: { href: string; label: string; about: string }[] }

/** The price list, straight from the catalog that usage is charged by. */
export function RatesArticle({ related }: RatesProps) {
  return (
    <Article
      lead="What each plan costs, what it includes every month, and what usage beyond that takes from your credits. All prices in USD, without tax."
      title="Rates"
    >
      <Section id="plans" title="Plans">
        <ReferenceTable
          caption="What each plan costs and includes"
          columns={[{ name: "Plan" }, { name: "Monthly price" }, { name: "Included credits" }]}
          rows={PLAN_CODES.map((code) => {
            const { name, includedNanos, ...plan } = CATALOG.plans[code]
            const included = includedNanos === 0n ? "None" : `${formatUsd(includedNanos)} a month`
            return { key: code, cells: [name, priceInWords(plan), included] }
          })}
        />
        <p>
          On Enterprise the whole team shares one pool. On every other plan each member has their own, with
          the included credits and allowances of the plan.
        </p>
      </Section>
      <Section id="included" title="Included every month">
        <ReferenceTable
          caption="Allowances of each plan, every month"
          columns={PLAN_COLUMNS}
          isDense
          rows={CONSUMABLE_CODES.map((code) => {
            const { name, unit, decimals } = CATALOG.consumables[code]
            const allowances = PLAN_CODES.map((plan) =>
              unitsOf(CATALOG.plans[plan].terms[code].allowanceQuantity, { decimals }),
            )
            return { key: code, cells: [named(name, unit.many), ...allowances] }
          })}
        />
        <p>Allowances begin anew with each billing period. What is left of them isn’t carried over.</p>
      </Section>
      <Section id="rates" title="Beyond the allowance">
        <ReferenceTable
          caption="Rates of each plan for usage beyond the allowance"
          columns={PLAN_COLUMNS}
          isDense
          rows={CONSUMABLE_CODES.map((code) => {
            const { name, unit } = CATALOG.consumables[code]
            const rates = PLAN_CODES.map((plan) => CATALOG.plans[plan].terms[code].rateNanos)
            const base = rateBaseOf(rates, unit)
            return {
              key: code,
              cells: [named(name, base.words), ...rates.map((rate) => priceOf(rate, base))],
            }
          })}
        />
        <p>
          Included credits pay first, then promotions, then credits that you purchased. Each usage record is
          rounded once, to a billionth of a dollar.
        </p>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}

const PLAN_COLUMNS = [
  { name: "Usage" },
  ...PLAN_CODES.map((code) => ({ name: CATALOG.plans[code].name, onPhone: "half" as const })),
]

function priceInWords({ monthlyNanos }: Pick<PlanInfo, "monthlyNanos">): string {
  if (monthlyNanos === null) return "By contract"
  return monthlyNanos === 0n ? "$0.00" : `${formatUsd(monthlyNanos)} per member`
}

function named(name: string, of: string) {
  return (
    <span key="name">
      {name}
      <span className="block text-caption font-normal text-muted">{of}</span>
    </span>
  )
}
