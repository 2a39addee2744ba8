import { ReferenceTable } from "@/components/reference/reference-table"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Link } from "@/components/ui/link"

export type RateRow = {
  key: string
  name: string
  /** `per million tokens` */
  per: string
  allowance: string
  rate: string
  /** The average that the team paid. Null without usage. */
  average: string | null
}

type RatesCardProps = { planName: string; rows: RateRow[]; days: number; ratesHref: string }

const TITLE_ID = "rates-title"

/** The plan's rates, and what the team really paid for a unit, which its allowances make less. */
export function RatesCard({ planName, rows, days, ratesHref }: RatesCardProps) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader
        action={
          <Link
            className="rounded-sm text-caption font-medium text-accent underline-offset-4 hover:underline print:hidden"
            href={ratesHref}
          >
            All plans
          </Link>
        }
      >
        <CardTitle id={TITLE_ID}>Rates on {planName}</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-3 pt-2!">
        <ReferenceTable
          caption="Allowances and rates of your plan, and what you paid on average"
          columns={[
            { name: "Usage" },
            { name: "Allowance a month", onPhone: "half" },
            { name: "Rate beyond it", onPhone: "half" },
            { name: "You paid on average", onPhone: "half" },
          ]}
          isDense
          rows={rows.map(({ key, name, per, allowance, rate, average }) => ({
            key,
            cells: [
              <span key="name">
                {name}
                <span className="block text-caption font-normal text-muted">{per}</span>
              </span>,
              allowance,
              rate,
              average ?? <span className="text-muted">No usage</span>,
            ],
          }))}
        />
        <p className="text-caption text-muted">
          The average is over everything your team used in the last {days} days, with the part that allowances
          covered.
        </p>
      </CardSection>
    </Card>
  )
}
