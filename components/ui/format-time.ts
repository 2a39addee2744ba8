const DAY_MS = 86_400_000

const clock = utcFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const weekday = utcFormat({ weekday: "short" })
const month = utcFormat({ month: "short" })
const longMonth = utcFormat({ month: "long" })

/**
 * When something happened or will happen, as a person would say it: `today, 14:02`, `yesterday, 09:10`, `tomorrow, 09:10`,
 * `Tue, 18:00`, then `3 Nov` and in another year `3 Nov 2024`. In UTC, so that the server and the browser write the same.
 */
export function formatRelativeTime(at: Date, now: Date): string {
  const daysAgo = utcDay(now) - utcDay(at)
  const time = clock.format(at)
  if (daysAgo === 0) return `today, ${time}`
  if (daysAgo === 1) return `yesterday, ${time}`
  if (daysAgo === -1) return `tomorrow, ${time}`
  if (daysAgo > 1 && daysAgo < 7) return `${weekday.format(at)}, ${time}`
  const dayAndMonth = `${at.getUTCDate()} ${month.format(at)}`
  return at.getUTCFullYear() === now.getUTCFullYear() ? dayAndMonth : `${dayAndMonth} ${at.getUTCFullYear()}`
}

/** `3 November 2026, 14:02 UTC` */
export function formatAbsoluteTime(at: Date): string {
  return `${at.getUTCDate()} ${longMonth.format(at)} ${at.getUTCFullYear()}, ${clock.format(at)} UTC`
}

function utcDay(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS)
}

function utcFormat(options: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" })
}
