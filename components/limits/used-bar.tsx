import { classNames } from "@/components/ui/class-names"
import { least } from "@/lib/money/least"
import { formatUsd } from "@/lib/money/usd"

type UsedBarProps = { usedNanos: bigint; amountNanos: bigint }

/** `$41.30 of $50.00` above a thin bar. The colour says what the words beside it say too. */
export function UsedBar({ usedNanos, amountNanos }: UsedBarProps) {
  const percent = amountNanos === 0n ? 100n : least(100n, (usedNanos * 100n) / amountNanos)
  return (
    <div className="min-w-32">
      <p className="text-caption whitespace-nowrap tabular-nums">
        <span className="font-medium">{formatUsd(usedNanos)}</span>
        <span className="text-muted"> of {formatUsd(amountNanos)}</span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={classNames(
            "h-full rounded-full",
            percent >= 100n ? "bg-danger" : percent >= 80n ? "bg-warning" : "bg-accent",
          )}
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  )
}
