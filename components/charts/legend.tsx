import type { ReactNode } from "react"
import type { MarkKind } from "./chart-types"
import { lookOf } from "./looks"
import { Mark, markName } from "./marks"

export type LegendEntry = { name: string; swatch: ReactNode }

export function Legend({ entries }: { entries: LegendEntry[] }) {
  if (entries.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-caption text-muted">
      {entries.map(({ name, swatch }) => (
        <li className="inline-flex min-w-0 items-center gap-1.5" key={name}>
          <svg aria-hidden="true" className="shrink-0" focusable="false" height="12" width="12">
            {swatch}
          </svg>
          <span className="min-w-0 break-words">{name}</span>
        </li>
      ))}
    </ul>
  )
}

/** The swatches stand in the order in which the bars are stacked. */
export function seriesEntries(names: string[], id: string): LegendEntry[] {
  return names.map((name, n) => ({ name, swatch: <rect {...lookOf(n, id)} height="12" rx="3" width="12" /> }))
}

export function markEntries(kinds: (MarkKind | null)[]): LegendEntry[] {
  return [...new Set(kinds)]
    .flatMap((kind) => kind ?? [])
    .map((kind) => ({
      name: markName(kind),
      swatch: (
        <g transform="translate(6 6)">
          <Mark kind={kind} />
        </g>
      ),
    }))
}
