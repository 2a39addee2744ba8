const MAX_LENGTH = 40_000
const DYNAMIC = /^(c|oc|d|[cd]i(\(\.{1,3}\)|\(\.\.\)\(\.\.\)))$/
const MARKERS: unknown[] = ["refetch", "inside-shared-layout", "metadata-only"]

/**
 * Whether Next can read a `Next-Router-State-Tree` header, which lists the parts of the page that a browser already
 * has. Next answers 500 to one that it can't read.
 */
export function isRouterState(header: string): boolean {
  if (header.length > MAX_LENGTH) return false
  try {
    return isTree(JSON.parse(decodeURIComponent(header)))
  } catch {
    // Not JSON, wrongly percent-encoded, or nested far too deep.
    return false
  }
}

function isTree(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 6) return false
  const [segment, children, url, marker, hints, last] = value
  return (
    isSegment(segment) &&
    isPlainObject(children) &&
    Object.values(children).every(isTree) &&
    (isMissing(url) || isTextsOf(url, 2)) &&
    (isMissing(marker) || MARKERS.includes(marker)) &&
    (isMissing(hints) || typeof hints === "number") &&
    (last === undefined || typeof last === "string")
  )
}

function isSegment(value: unknown): boolean {
  if (typeof value === "string") return true
  if (!Array.isArray(value) || value.length !== 4) return false
  const [name, text, kind, siblings] = value
  return (
    isTextsOf([name, text, kind], 3) &&
    DYNAMIC.test(kind) &&
    (siblings === null || (Array.isArray(siblings) && isTextsOf(siblings, siblings.length)))
  )
}

const isMissing = (value: unknown) => value === undefined || value === null
const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const isTextsOf = (value: unknown, length: number) =>
  Array.isArray(value) && value.length === length && value.every((each) => typeof each === "string")
