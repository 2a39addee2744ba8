import {
  formatAbsoluteTime,
  formatDeadline,
  formatRelativeDay,
  formatRelativeTime,
  type ReadersNow,
} from "./format-time"

type TimeProps = {
  iso: string
  /** The moment of the request, so that the same page says the same everywhere in it, in the reader's zone. */
  now: ReadersNow
  /**
   * `deadline`: must not be missed, so with hour and zone. `absolute`: the whole date, where it is one of the facts.
   * `day`: nothing more is known.
   */
  look?: "relative" | "deadline" | "absolute" | "day"
}

/** Relative within a week; the whole of it on hover and for screen readers. */
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
  // A browser may abbreviate a zone's name in another way than the server.
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
