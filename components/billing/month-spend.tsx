import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Link } from "@/components/ui/link"
import { least } from "@/lib/money/least"
import { formatUsd } from "@/lib/money/usd"

export type SpendBar = {
  label: string
  name: string
  nanos: bigint
  /** The amount that fills the whole bar. */
  ofNanos: bigint
  /** Leads to this usage. */
  href: string
}

const TITLE_ID = "month-spend-title"

/** Shows what cost most this month, each with the usage behind it. */
export function MonthSpend({ bars }: { bars: SpendBar[] }) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader>
        <CardTitle id={TITLE_ID}>Where the money went this month</CardTitle>
      </CardHeader>
      <CardSection className="pt-2!">
        <ul className="-mx-3 grid gap-1 sm:grid-cols-3">
          {bars.map((bar) => (
            <li key={bar.label}>
              <Bar {...bar} />
            </li>
          ))}
        </ul>
      </CardSection>
    </Card>
  )
}

/** The bar repeats the amount for the eye. */
function Bar({ label, name, nanos, ofNanos, href }: SpendBar) {
  const percent = ofNanos === 0n ? 0n : least(100n, (nanos * 100n) / ofNanos)
  return (
    <Link
      className="block h-full rounded-control px-3 py-2 transition-colors duration-100 hover:bg-sunken"
      href={href}
    >
      <span className="block text-caption text-muted">{label}</span>
      <span className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium" title={name}>
          {name}
        </span>
        <span className="shrink-0 tabular-nums">{formatUsd(nanos)}</span>
      </span>
      <span aria-hidden="true" className="mt-1.5 block h-1.5 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
    </Link>
  )
}
