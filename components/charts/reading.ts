/** The day being read, and where a selection of days began: the same day if there is none. */
export type Reading = { at: number; from: number }

const WEEK = 7

/** Returns the day under a place of the plot. Null outside. */
export function dayAt(x: number, width: number, dayCount: number): number | null {
  if (x < 0 || x > width || width <= 0 || dayCount === 0) return null
  return Math.min(Math.floor((x / width) * dayCount), dayCount - 1)
}

/** Returns the day that a key leads to. Null for keys that move nothing. */
export function step(key: string, at: number | null, dayCount: number): number | null {
  const last = dayCount - 1
  if (last < 0) return null
  const to = (day: number) => Math.max(0, Math.min(last, day))
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return at === null ? last : to(at - 1)
    case "ArrowRight":
    case "ArrowUp":
      return at === null ? 0 : to(at + 1)
    case "PageDown":
      return to((at ?? last) - WEEK)
    case "PageUp":
      return to((at ?? 0) + WEEK)
    case "Home":
      return 0
    case "End":
      return last
    default:
      return null
  }
}

/** Returns the first and the last selected day, whichever way it was dragged. */
export function selectedDays({ at, from }: Reading): [first: number, last: number] {
  return at < from ? [at, from] : [from, at]
}
