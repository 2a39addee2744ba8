import {
  formatAbsoluteTime,
  formatDeadline,
  formatRelativeDay,
  formatRelativeTime,
  type ReadersNow,
} from "@/lib/format-time"

type TimeProps = {
  iso: string
  /** The request's time in the reader's zone, so that the whole page agrees. */
  now: ReadersNow
  /**
   * `deadline`: must not be missed, so with hour and zone. `absolute`: the whole date, where the date is a fact of
   * its own. `day`: only the day is known.
   */
  look?: "relative" | "deadline" | "absolute" | "day"
}

/** Relative within a week. The full time shows on hover and to screen readers. */
export function Time({ iso, now, look = "relative" }: TimeProps) {
  const at = new Date(iso)
  if (look === "day")
    return (
      <time className="whitespace-nowrap" dateTime={iso.slice(0, 10)} suppressHydrationWarning>
        {formatRelativeDay(at, now)}
      </time>
    )
  const absolute = formatAbsoluteTime(at, now)
  if (look === "absolute")
    return (
      <time dateTime={iso} suppressHydrationWarning>
        {absolute}
      </time>
    )
  // A browser may abbreviate a zone's name differently from the server.
  return (
    <time className="relative whitespace-nowrap" dateTime={iso} suppressHydrationWarning title={absolute}>
      <span aria-hidden="true" suppressHydrationWarning>
        {look === "relative" ? formatRelativeTime(at, now) : formatDeadline(at, now)}
      </span>
      <span className="sr-only" suppressHydrationWarning>
        {absolute}
      </span>
    </time>
  )
}
