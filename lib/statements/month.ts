import { formatUtcDay } from "@/lib/format-time"

/** A calendar month of UTC as `2026-11`. A daylight saving time moves none of them. */
export type Month = string

/** Whether a text is a month from 2000 on. */
export function isMonth(text: string): boolean {
  return /^[2-9][0-9]{3}-(0[1-9]|1[0-2])$/.test(text)
}

export const monthOf = (at: Date): Month => at.toISOString().slice(0, 7)

/** Returns the first moment of a month. */
export function beginOf(month: Month): Date {
  return new Date(`${month}-01T00:00:00.000Z`)
}

export function monthAfter(month: Month): Month {
  const at = beginOf(month)
  return monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)))
}

/** Returns the first moment after a month. */
export const endOf = (month: Month): Date => beginOf(monthAfter(month))

/** `November 2026` */
export function monthInWords(month: Month): string {
  return `${formatUtcDay(beginOf(month)).split(" ")[1]} ${month.slice(0, 4)}`
}

/** `1–30 November 2026` */
export function daysInWords(month: Month): string {
  const last = new Date(endOf(month).getTime() - 1)
  return `1–${formatUtcDay(last)} ${month.slice(0, 4)}`
}

/** Returns the number of a statement, which counts the team's statements without a gap: `ST-2026-11-0003`. */
export function statementNumber({ month, no }: { month: Month; no: number }): string {
  return `ST-${month}-${String(no).padStart(4, "0")}`
}
