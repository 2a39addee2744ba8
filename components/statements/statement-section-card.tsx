import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { FiguresTable } from "./figures-table"
import type { StatementSection } from "./statement-types"

/** A pool's month: from the opening to the closing balance, what was used, and what was paid. */
export function StatementSectionCard({ section }: { section: StatementSection }) {
  const { key, title, balances, byConsumable, byMember, payments } = section
  const titleId = `pool-${key}`
  const name = title ?? "Balance"
  const parts = [
    { title: "Used by consumable", rows: byConsumable },
    { title: "Used by member", rows: byMember },
    { title: "Payments and refunds", rows: payments },
  ]
  return (
    <Card className="print:border-x-0 print:border-b-0" labelledBy={titleId}>
      <CardHeader>
        <CardTitle id={titleId}>
          <span className="wrap-anywhere">{name}</span>
        </CardTitle>
      </CardHeader>
      <CardSection className="pt-2!">
        <FiguresTable caption={`${name}: balances`} rows={balances} />
      </CardSection>
      {parts
        .filter(({ rows }) => rows.length > 0)
        .map((part) => (
          <CardSection divided key={part.title} title={part.title}>
            <FiguresTable caption={`${name}: ${part.title}`} rows={part.rows} />
          </CardSection>
        ))}
    </Card>
  )
}
