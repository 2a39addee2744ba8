/**
 * How the series of a chart differ, in order: by pattern and lightness, so that they differ without colour and on
 * paper. The last look is for everything else together.
 */
const LOOKS = [
  { className: "fill-accent" },
  { className: "fill-accent", pattern: "M-1 1 1-1M0 6 6 0M5 7 7 5", strokeWidth: 1.6 },
  { className: "fill-muted" },
  { className: "fill-accent", pattern: "M1.5 1.5h.01M4.5 4.5h.01", strokeWidth: 2.2 },
  { className: "fill-muted", pattern: "M-1 5 1 7M0 0 6 6M5-1 7 1", strokeWidth: 1.6 },
  { className: "fill-accent", pattern: "M0 3h6", strokeWidth: 2.4 },
  { className: "fill-muted", pattern: "M1.5 1.5h.01M4.5 4.5h.01", strokeWidth: 2.2 },
  { className: "fill-border-strong", pattern: "M0 0h6M0 0v6", strokeWidth: 1.6 },
] as const

export const MAX_SERIES = LOOKS.length

/** Returns the attributes that give a shape the look of the nth series. The chart holds `Patterns` of the same id. */
export function lookOf(n: number, id: string): { className?: string; fill?: string } {
  const look = LOOKS[n % LOOKS.length]
  return look && "pattern" in look
    ? { fill: `url(#${id}-${n % LOOKS.length})` }
    : { className: look?.className }
}

export function Patterns({ id, count }: { id: string; count: number }) {
  return (
    <defs>
      {LOOKS.slice(0, count).map(
        (look, n) =>
          "pattern" in look && (
            <pattern
              className={look.className.replace("fill-", "text-")}
              height="6"
              id={`${id}-${n}`}
              key={look.pattern + look.className}
              patternUnits="userSpaceOnUse"
              width="6"
            >
              <rect className="fill-surface" height="6" width="6" />
              <rect fill="currentColor" fillOpacity="0.18" height="6" width="6" />
              <path
                d={look.pattern}
                fill="none"
                stroke="currentColor"
                strokeLinecap="round"
                strokeWidth={look.strokeWidth}
              />
            </pattern>
          ),
      )}
    </defs>
  )
}
