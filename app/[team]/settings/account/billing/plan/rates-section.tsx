import { RatesCard } from "@/components/plan/rates-card"
import { averageInWords } from "@/lib/catalog/average-rate"
import { CATALOG } from "@/lib/catalog/catalog"
import { priceOf, rateBaseOf, unitsOf } from "@/lib/catalog/in-words"
import { CONSUMABLE_CODES, PLAN_CODES } from "@/lib/catalog/schema"
import { RATES } from "@/lib/reference/pages"
import { getPaid, PAID_RATE_DAYS } from "@/lib/usage/paid-rates"
import { pageCtx } from "@/lib/web/page-ctx"
import type { Viewer } from "@/lib/web/require-member"

/** Compares the rates of the plan with the average that the team paid. */
export async function RatesSection({ viewer: { team } }: { viewer: Viewer }) {
  const { db, now } = pageCtx()
  const paid = await getPaid(db, team.id, now)
  const { name: planName, terms } = CATALOG.plans[team.plan]
  return (
    <RatesCard
      days={PAID_RATE_DAYS}
      planName={planName}
      ratesHref={RATES.href}
      rows={CONSUMABLE_CODES.map((code) => {
        const info = CATALOG.consumables[code]
        // The price list's, so that the two compare.
        const base = rateBaseOf(
          PLAN_CODES.map((plan) => CATALOG.plans[plan].terms[code].rateNanos),
          info.unit,
        )
        const used = paid.get(code)
        return {
          key: code,
          name: info.name,
          per: base.words,
          allowance: unitsOf(terms[code].allowanceQuantity, info),
          rate: priceOf(terms[code].rateNanos, base),
          average: used ? averageInWords(used, info, base) : null,
        }
      })}
    />
  )
}
