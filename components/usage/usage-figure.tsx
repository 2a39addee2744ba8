import { Amount } from "@/components/ui/amount"

type UsageFigureProps = {
  /** Null where costs aren’t shown. */
  costNanos: bigint | null
  records: bigint
  /** `in the last 30 days` */
  rangeWords: string
  /** `12% more than the 30 days before`, or empty. */
  comparison: string
  includedNanos: bigint
  creditsNanos: bigint
}

/** The figure that one came for, in one sentence: `$48.20 in the last 30 days, 12% more than the 30 days before`. */
export function UsageFigure(props: UsageFigureProps) {
  const { costNanos, records, rangeWords, comparison, includedNanos, creditsNanos } = props
  const count = `${records.toLocaleString("en-US")} ${records === 1n ? "record" : "records"}`
  return (
    <div>
      <p className="text-pretty">
        <span className="text-figure font-semibold tracking-tight tabular-nums">
          {costNanos === null ? records.toLocaleString("en-US") : <Amount nanos={costNanos} />}
        </span>{" "}
        <span className="text-muted">
          {costNanos === null && `${records === 1n ? "record" : "records"} of usage `}
          {rangeWords}
          {comparison && `, ${comparison}`}
        </span>
      </p>
      {costNanos !== null && (
        <p className="mt-1 text-caption text-muted">
          {count}
          {costNanos > 0n && (
            <>
              {" · "}
              <Amount nanos={includedNanos} /> paid by included credits, <Amount nanos={creditsNanos} /> by
              credits
            </>
          )}
          {" · days in UTC"}
        </p>
      )}
    </div>
  )
}
