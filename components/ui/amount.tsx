import { formatBalance, formatUsd, isUnderCent } from "@/lib/money/usd"
import { classNames } from "./class-names"

type AmountProps = {
  nanos: bigint
  /** `exact` shows every digit. */
  precision?: "cents" | "exact"
  /**
   * `change` shows what came or went: always with its sign, and in the positive colour for what came. `balance` is
   * rounded down.
   */
  as?: "total" | "change" | "balance"
  className?: string
}

/** The minus sign is U+2212, which screen readers say; they skip a hyphen. It never parts from its digits. */
export function Amount({ nanos, precision = "cents", as = "total", className }: AmountProps) {
  const sign = as === "change" ? "always" : "auto"
  const exact = formatUsd(nanos, { precision: "exact", sign })
  const text =
    precision === "exact" ? exact : as === "balance" ? formatBalance(nanos) : formatUsd(nanos, { sign })
  return (
    <span
      className={classNames(
        "whitespace-nowrap tabular-nums",
        as === "change" && nanos > 0n && "text-positive",
        className,
      )}
      title={text === exact ? undefined : exact}
    >
      {as !== "balance" && precision === "cents" && isUnderCent(nanos) ? (
        <>
          <span aria-hidden="true">{text}</span>
          <span className="sr-only">{`${nanos < 0n ? "minus " : ""}less than one cent`}</span>
        </>
      ) : (
        text
      )}
    </span>
  )
}
