import { DAY_MS, HOUR_MS, MINUTE_MS } from "./clock"
import { clockIn, type DateLanguage, dayIn, formatOf, isDateLanguage, momentIn } from "./date-languages"

/**
 * The time now, with the reader's zone and language of dates, in the form of RFC 9557:
 * `2026-11-30T06:35:00.000Z[Europe/Berlin][_dates=de]`. Without a zone the reader's place isn't known, and times are
 * shown in UTC and say so.
 */
export type ReadersNow = string

type Reader = { at: Date; zone: string; isKnown: boolean; language: DateLanguage }

/** Returns the instant and how to show it. `isKnown` is true when the reader's zone is. */
export function parseReadersNow(now: ReadersNow): Reader {
  const [, instant = "", zone, language] =
    /^([^[]*)(?:\[([^_\]][^\]]*)\])?(?:\[_dates=([^\]]+)\])?$/.exec(now) ?? []
  return {
    at: new Date(instant),
    zone: zone ?? "UTC",
    isKnown: zone !== undefined,
    language: isDateLanguage(language) ? language : "en",
  }
}

/** Returns the time for the formats below. */
export function toReadersNow(at: Date, reader: { zone: string | null; language: DateLanguage }): ReadersNow {
  const zone = reader.zone ? `[${reader.zone}]` : ""
  return `${at.toISOString()}${zone}${reader.language === "en" ? "" : `[_dates=${reader.language}]`}`
}

/**
 * Formats a moment as a person would say it: `today, 14:02`, `yesterday, 09:10`, `tomorrow, 09:10`, `Tue, 18:00`,
 * then `3 Nov` and in another year `3 Nov 2024`.
 */
export function formatRelativeTime(at: Date, now: ReadersNow): string {
  const reader = parseReadersNow(now)
  const { text, isNear } = relativeDay(at, reader)
  return isNear ? `${text}, ${clockOf(at, reader)}${reader.isKnown ? "" : " UTC"}` : text
}

/** Formats how long ago a moment was, in its largest whole unit: `just now`, `12 minutes ago`, `1 hour ago`. */
export function formatAgo(at: Date, now: ReadersNow): string {
  const ms = parseReadersNow(now).at.getTime() - at.getTime()
  if (ms < MINUTE_MS) return "just now"
  if (ms < HOUR_MS) return ago(ms / MINUTE_MS, "minute")
  return ms < DAY_MS ? ago(ms / HOUR_MS, "hour") : ago(ms / DAY_MS, "day")
}

function ago(count: number, unit: string): string {
  const whole = Math.floor(count)
  return `${whole.toLocaleString("en-US")} ${unit}${whole === 1 ? "" : "s"} ago`
}

/** Formats the day alone: `today`, `yesterday`, `tomorrow`, `Tue`, `3 Nov`, `3 Nov 2024`. */
export function formatRelativeDay(at: Date, now: ReadersNow): string {
  return relativeDay(at, parseReadersNow(now)).text
}

/** `isNear`: within a week, so that the hour still says something. */
function relativeDay(at: Date, reader: Reader): { text: string; isNear: boolean } {
  const { zone, language } = reader
  const day = dayOf(at, zone)
  const today = dayOf(reader.at, zone)
  const daysAgo = today.number - day.number
  const isNear = daysAgo >= -1 && daysAgo < 7
  const isThisYear = day.year === today.year
  if (language !== "en") return { text: dayIn(language, at, { zone, daysAgo, isThisYear }), isNear }
  const dayAndMonth = `${day.day} ${shortMonth(day.month)}`
  const named = daysAgo < 2 ? NEAR_DAYS[daysAgo + 1] : WEEKDAYS[day.weekday]
  const date = isThisYear ? dayAndMonth : `${dayAndMonth} ${day.year}`
  return { text: isNear ? (named ?? "") : date, isNear }
}

/** Formats a moment that nobody must miss, always with hour and zone: `1 Dec, 02:51 CET` */
export function formatDeadline(at: Date, now: ReadersNow): string {
  const reader = parseReadersNow(now)
  const { zone } = reader
  const clock = clockOf(at, reader)
  const relative = formatRelativeTime(at, now).replace(/ UTC$/, "")
  return `${relative.endsWith(clock) ? relative : `${relative}, ${clock}`} ${zoneName(at, zone)}`
}

/** `3 November 2026, 15:02 CET` */
export function formatAbsoluteTime(at: Date, now: ReadersNow): string {
  const reader = parseReadersNow(now)
  const { zone, language } = reader
  if (language !== "en") return momentIn(language, at, zone)
  const { day, month, year } = dayOf(at, zone)
  return `${day} ${MONTHS[month]} ${year}, ${clockOf(at, reader)} ${zoneName(at, zone)}`
}

/** A day of the UTC calendar, by which periods and caps count: `24 November`. */
export function formatUtcDay(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`
}

/** The same with its year, unless that is the present one: `1 December`, `1 December 2027`. */
export function formatUtcDate(at: Date, now: Date): string {
  return withYear(formatUtcDay(at), at, now)
}

/** `1 Dec` */
export function formatShortUtcDay(at: Date): string {
  return `${at.getUTCDate()} ${shortMonth(at.getUTCMonth())}`
}

/** `1 Dec`, and in another year `1 Dec 2027`. */
export function formatShortUtcDate(at: Date, now: Date): string {
  return withYear(formatShortUtcDay(at), at, now)
}

/** For readers whose zone is unknown, such as those of mails: `14:05 UTC on 3 November`. */
export function formatUtcTime(at: Date): string {
  return formatTimeIn(at, "UTC")
}

/** The same in a zone: `15:05 CET on 3 November`. */
export function formatTimeIn(at: Date, zone: string): string {
  const { day, month } = dayOf(at, zone)
  return `${clockOf(at, { zone, language: "en" })} ${zoneName(at, zone)} on ${day} ${MONTHS[month]}`
}

const withYear = (day: string, at: Date, now: Date) =>
  at.getUTCFullYear() === now.getUTCFullYear() ? day : `${day} ${at.getUTCFullYear()}`

const shortMonth = (month: number) => MONTHS[month]?.slice(0, 3)

// Written out, so that servers and browsers with other locale data say the same.
const NEAR_DAYS = ["tomorrow", "today", "yesterday"]
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]

function dayOf(at: Date, zone: string) {
  const [year, month, day] = numbersOf(at, zone)
  const midnight = new Date(Date.UTC(year, month - 1, day))
  return { year, month: month - 1, day, weekday: midnight.getUTCDay(), number: midnight.getTime() / DAY_MS }
}

function clockOf(at: Date, { zone, language }: Pick<Reader, "zone" | "language">): string {
  if (language !== "en") return clockIn(language, at, zone)
  const [, , , hour, minute] = numbersOf(at, zone)
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
}

function numbersOf(
  at: Date,
  zone: string,
): [year: number, month: number, day: number, hour: number, minute: number] {
  const parts = new Map(
    numberFormat(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return [read("year"), read("month"), read("day"), read("hour"), read("minute")]
}

/** `CET`, `EST`, `GMT+5:30`: the English abbreviation, American or British. */
function zoneName(at: Date, zone: string): string {
  const names = ["en-US", "en-GB"].map((locale) => {
    const parts = formatOf(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(at)
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone
  })
  return names.find((name) => !/^GMT[+-]/.test(name)) ?? names[0] ?? zone
}

function numberFormat(zone: string): Intl.DateTimeFormat {
  return formatOf("en-US", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  })
}
