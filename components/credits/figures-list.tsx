import { centsThatAddUp } from "@/lib/money/cents-that-add-up"
import type { PoolFigures } from "@/lib/money/figures"
import { formatUsd } from "@/lib/money/usd"

/** The parts of the balance: added and spent always, the others when they aren't zero. As shown, they add up to it. */
export function FiguresList({ figures }: { figures: PoolFigures }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-2">
      {figuresInWords(figures).map(({ name, text, exact }) => (
        <div className="flex gap-2" key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="font-medium whitespace-nowrap tabular-nums" title={exact}>
            {text}
          </dd>
        </div>
      ))}
    </dl>
  )
}

type Figure = { name: string; text: string; exact: string }

/** Names and amounts in whole cents, rounded so that plus and minus lead to the balance as shown. */
export function figuresInWords(figures: PoolFigures): Figure[] {
  const parts = [
    { name: "Lifetime added", sign: 1n, nanos: figures.addedNanos, isAlways: true },
    { name: "Given", sign: 1n, nanos: figures.givenNanos },
    { name: "Lifetime spent", sign: -1n, nanos: figures.spentNanos, isAlways: true },
    {
      name: figures.hasDisputes ? "Refunded and disputed" : "Refunded",
      sign: -1n,
      nanos: figures.takenBackNanos,
    },
    { name: "Expired", sign: -1n, nanos: figures.expiredNanos },
    ...(figures.transferredNanos < 0n
      ? [{ name: "Transferred away", sign: -1n, nanos: -figures.transferredNanos }]
      : [{ name: "Transferred here", sign: 1n, nanos: figures.transferredNanos }]),
    { name: "Adjusted", sign: 1n, nanos: figures.adjustedNanos },
  ]
  const shown = centsThatAddUp(parts.map(({ sign, nanos }) => sign * nanos))
  return parts.flatMap(({ name, sign, nanos, isAlways }, index) => {
    const cents = sign * (shown[index] ?? 0n)
    if (cents === 0n && !isAlways) return []
    return { name, text: formatUsd(cents), exact: formatUsd(nanos, { precision: "exact" }) }
  })
}
