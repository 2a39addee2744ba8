import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import { classNames } from "./class-names"

type AmountProps = {
  nanos: bigint
  precision?: "cents" | "exact"
  /** `change` shows what came or went: with its sign, and what came in the positive colour too. */
  as?: "total" | "change"
  /** As many decimals as the widest amount of a column has: the points then stand below each other. */
  alignTo?: number
  className?: string
}

/** The least that each precision can show; what is less is said to be less, not shown as nothing. */
const LEAST = {
  cents: { nanos: NANOS_PER_CENT, words: "one cent" },
  exact: { nanos: 1_000n, words: "a millionth of a dollar" },
}

/** The minus sign is U+2212, which screen readers say; a hyphen they skip. */
export function Amount({ nanos, precision = "cents", as = "total", alignTo = 0, className }: AmountProps) {
  const styles = classNames("tabular-nums", as === "change" && nanos > 0n && "text-positive", className)
  const least = LEAST[precision]
  if (nanos !== 0n && nanos > -least.nanos && nanos < least.nanos) {
    const sign = nanos < 0n ? "−" : as === "change" ? "+" : ""
    return (
      <span className={styles}>
        <span aria-hidden="true">
          {sign}&lt;{formatUsd(least.nanos, { precision })}
        </span>
        <span className="sr-only">{`${nanos < 0n ? "minus " : ""}less than ${least.words}`}</span>
      </span>
    )
  }
  const text = formatUsd(nanos, { precision, sign: as === "change" ? "always" : "auto" })
  const missing = alignTo - decimalsOf(text)
  // Takes the place of digits and is neither read out nor copied.
  const filler = missing > 0 && { "data-filler": "0".repeat(missing) }
  return (
    <span
      {...filler}
      className={classNames(styles, filler && "after:invisible after:content-[attr(data-filler)]")}
    >
      {text}
    </span>
  )
}

/** How many decimals the widest of these amounts is shown with. */
export function widestDecimals(amounts: bigint[], precision: "cents" | "exact"): number {
  const least = LEAST[precision].nanos
  return Math.max(
    0,
    ...amounts.map((nanos) => {
      const isTiny = nanos !== 0n && nanos > -least && nanos < least
      return decimalsOf(formatUsd(isTiny ? least : nanos, { precision }))
    }),
  )
}

function decimalsOf(text: string): number {
  return text.length - text.indexOf(".") - 1
}
