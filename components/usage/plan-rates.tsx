import { ReferenceTable } from "@/components/reference/reference-table"
import { Icon } from "@/components/ui/icon"
import { CATALOG } from "@/lib/catalog/catalog"
import { priceOf, rateBaseOf } from "@/lib/catalog/in-words"
import { CONSUMABLE_CODES, PLAN_CODES } from "@/lib/catalog/schema"

const COLUMNS = [
  { name: "Usage" },
  ...PLAN_CODES.map((code) => ({ name: CATALOG.plans[code].name, onPhone: "half" as const })),
]

/** The price of usage beyond the allowance on each plan. The team’s own is in bold. */
export function PlanRates({ plan }: { plan: (typeof PLAN_CODES)[number] }) {
  return (
    <details className="group">
      <summary className="inline-flex min-h-11 cursor-pointer list-none items-center gap-2 rounded-lg font-medium text-accent sm:min-h-8 [&::-webkit-details-marker]:hidden">
        Overage rates of each plan
        <Icon className="group-open:rotate-180" name="expand" />
      </summary>
      <div className="mt-3">
        <ReferenceTable
          caption={`Overage rates of each plan. Your team has ${CATALOG.plans[plan].name}.`}
          columns={COLUMNS}
          isDense
          rows={CONSUMABLE_CODES.map((code) => {
            const { name, unit } = CATALOG.consumables[code]
            const rates = PLAN_CODES.map((each) => CATALOG.plans[each].terms[code].rateNanos)
            const base = rateBaseOf(rates, unit)
            return {
              key: code,
              cells: [
                <span key="name">
                  {name}
                  <span className="block text-caption font-normal text-muted">{base.words}</span>
                </span>,
                ...PLAN_CODES.map((each, n) => (
                  <span className={each === plan ? "font-semibold" : undefined} key={each}>
                    {priceOf(rates[n] ?? 0n, base)}
                  </span>
                )),
              ],
            }
          })}
        />
      </div>
    </details>
  )
}
