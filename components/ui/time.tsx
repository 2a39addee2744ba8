import { formatAbsoluteTime, formatRelativeTime } from "./format-time"

type TimeProps = {
  iso: string
  /** The moment of the request, so that the same page says the same everywhere in it. */
  now: string
}

export function Time({ iso, now }: TimeProps) {
  const at = new Date(iso)
  const absolute = formatAbsoluteTime(at)
  return (
    <time className="relative whitespace-nowrap" dateTime={iso} title={absolute}>
      <span aria-hidden="true">{formatRelativeTime(at, new Date(now))}</span>
      <span className="sr-only">{absolute}</span>
    </time>
  )
}
