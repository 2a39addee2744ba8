/** A day of the UTC calendar, as `2026-11-30`. The days of a chart follow each other without a gap. */
export type ChartDay = string

export type BarSeries = {
  /** As the legend and the table name it. */
  name: string
  /** One amount for each day. Less than zero is drawn below the axis. */
  amounts: bigint[]
  /** Where a day's segment leads, one for each day. */
  hrefs?: (string | null)[]
}

export type MarkKind = "purchase" | "top_up" | "refund" | "included"

/** Something that happened on a day. */
export type ChartMark = {
  day: ChartDay
  /** Null for what is only written down. */
  kind: MarkKind | null
  /** `Auto top-up +$50.00` */
  words: string
}

/** A day's balance at its end: for today, now. */
export type BalanceDay = { day: ChartDay; creditsNanos: bigint; includedNanos: bigint }

/** Selecting days leads to this address, with the days in place of `FROM-DAY` and `TO-DAY`. */
export type SelectHref = string
