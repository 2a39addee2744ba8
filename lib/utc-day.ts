import { DAY_MS } from "./clock"

/** Whether a text is a day of the calendar, as `2026-11-30`. */
export function isUtcDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

export const utcDayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** Returns the last millisecond of a day, so that a time shown in UTC names that day. */
export function endOfUtcDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1)
}

/** Whether a time is the end of a day as `endOfUtcDay` gives it. */
export const isEndOfUtcDay = (at: Date): boolean => (at.getTime() + 1) % DAY_MS === 0
