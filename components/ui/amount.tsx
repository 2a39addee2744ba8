import { formatBalance, formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import { classNames } from "./class-names"

type AmountProps = {
  nanos: bigint
  /** `exact` shows every digit there is. */
  precision?: "cents" | "exact"
  /** `change` shows what came or went: with its sign, and what came in the positive colour too. `balance` is rounded down. */
  as?: "total" | "change" | "balance"
  className?: string
}

/** The minus sign is U+2212, which screen readers say; a hyphen they skip. */
export function Amount({ nanos, precision = "cents", as = "total", className }: AmountProps) {
  const styles = classNames("tabular-nums", as === "change" && nanos > 0n && "text-positive", className)
  if (precision === "exact" || as === "balance") {
    const sign = as === "change" ? "always" : "auto"
    return (
      <span className={styles}>
        {precision === "exact" ? formatUsd(nanos, { precision, sign }) : formatBalance(nanos)}
      </span>
    )
  }
  // What is less than a cent is said to be less, not shown as nothing.
  if (nanos !== 0n && nanos > -NANOS_PER_CENT && nanos < NANOS_PER_CENT) {
    const sign = nanos < 0n ? "−" : as === "change" ? "+" : ""
    return (
      <span className={styles}>
        <span aria-hidden="true">
          {sign}&lt;{formatUsd(NANOS_PER_CENT)}
        </span>
        <span className="sr-only">{`${nanos < 0n ? "minus " : ""}less than one cent`}</span>
      </span>
    )
  }
  return <span className={styles}>{formatUsd(nanos, { sign: as === "change" ? "always" : "auto" })}</span>
}
