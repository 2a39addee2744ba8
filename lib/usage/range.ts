import { DAY_MS } from "@/lib/clock"
import { InvalidInputError } from "@/lib/errors"
import { utcDayOf } from "@/lib/utc-day"

/** Days of UTC as `2026-11-30`, the last one included. A daylight saving time moves none of them. */
export type DayRange = { from: string; to: string }

export const MAX_DAYS = 400
const DEFAULT_DAYS = 30
/** Far before any usage, and far enough from the first year that PostgreSQL's texts hold. */
const FIRST_DAY = "2000-01-01"
const LAST_DAY = "9999-12-31"

/**
 * Reads a range of days, of which either end may be missing: 30 days until today or the given end, or from the given
 * beginning until today. Throws InvalidInputError for days that don't exist, in the wrong order, or too many.
 */
export function readDayRange(given: { from?: string; to?: string }, now: Date): DayRange {
  const today = toDay(now.getTime())
  const to = given.to === undefined ? latest(today, given.from) : readDay(given.to, "to")
  const from = given.from === undefined ? addDays(to, 1 - DEFAULT_DAYS) : readDay(given.from, "from")
  if (from > to) throw new InvalidInputError("The first day must not be after the last.", "from")
  if (countDays({ from, to }) > MAX_DAYS)
    throw new InvalidInputError(`Choose at most ${MAX_DAYS} days.`, "from")
  return { from, to }
}

/** The ranges that one chooses by name. */
export const PRESETS = ["7d", "30d", "90d", "month", "last_month"] as const
export type Preset = (typeof PRESETS)[number]

/** Returns the days of a preset until today, or the whole month before this one. */
export function presetRange(preset: Preset, now: Date): DayRange {
  const to = toDay(now.getTime())
  const firstOfMonth = `${to.slice(0, 8)}01`
  if (preset === "month") return { from: firstOfMonth, to }
  if (preset !== "last_month") return { from: addDays(to, 1 - Number.parseInt(preset, 10)), to }
  const last = addDays(firstOfMonth, -1)
  return { from: `${last.slice(0, 8)}01`, to: last }
}

/** Lists the days of a range, the first one first. */
export function daysOf(range: DayRange): string[] {
  return Array.from({ length: countDays(range) }, (_, n) => addDays(range.from, n))
}

/** Returns the days just before, as many as these. */
export function rangeBefore({ from, to }: DayRange): DayRange {
  return { from: addDays(from, -countDays({ from, to })), to: addDays(from, -1) }
}

export function countDays({ from, to }: DayRange): number {
  return Math.round((timeOf(to) - timeOf(from)) / DAY_MS) + 1
}

function readDay(text: string, field: "from" | "to"): string {
  const isDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && text >= FIRST_DAY && text <= LAST_DAY
  // JavaScript takes February 30th for March 2nd.
  if (!isDay || Number.isNaN(timeOf(text)) || toDay(timeOf(text)) !== text)
    throw new InvalidInputError("Give a day from 2000 on, such as 2026-11-30.", field)
  return text
}

/** A range that begins in the future ends on its first day. */
function latest(today: string, from: string | undefined): string {
  return from !== undefined && readDay(from, "from") > today ? from : today
}

const timeOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
const toDay = (ms: number) => utcDayOf(new Date(ms))
const addDays = (day: string, days: number) => toDay(timeOf(day) + days * DAY_MS)
