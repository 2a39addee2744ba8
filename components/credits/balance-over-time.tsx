import { BalanceLine } from "@/components/charts/balance-line"
import type { BalanceDay, ChartMark } from "@/components/charts/chart-types"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"

export type BalanceOverTimeData = {
  /** The shown days, today last. */
  days: BalanceDay[]
  marks: ChartMark[]
  projection: BalanceDay[]
  /** How it goes on, sentence by sentence, the most important first. */
  words: string[]
  ranges: { days: number; href: string; isCurrent: boolean }[]
}

const TITLE_ID = "balance-over-time-title"

/** The balance of the last weeks and how it goes on: in words first, then drawn. */
export function BalanceOverTime({ days, marks, projection, words, ranges }: BalanceOverTimeData) {
  const [first, ...others] = words
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader
        action={
          <ul aria-label="Shown time" className="flex gap-3 text-caption print:hidden">
            {ranges.map((range) => (
              <li key={range.days}>
                <Link
                  aria-current={range.isCurrent ? "true" : undefined}
                  className={classNames(
                    "rounded-lg py-1 underline-offset-4",
                    range.isCurrent ? "font-medium text-text" : "text-muted hover:text-text hover:underline",
                  )}
                  href={range.href}
                  scroll={false}
                >
                  {range.days} days
                </Link>
              </li>
            ))}
          </ul>
        }
      >
        <CardTitle id={TITLE_ID}>Balance over time</CardTitle>
      </CardHeader>
      <CardSection>
        {first && <p className="max-w-[65ch]">{first}</p>}
        {others.length > 0 && <p className="mb-4 max-w-[75ch] text-caption text-muted">{others.join(" ")}</p>}
        <BalanceLine
          days={days}
          height={176}
          marks={marks}
          projection={projection}
          title={`Balance of the last ${days.length} days`}
        />
      </CardSection>
    </Card>
  )
}
