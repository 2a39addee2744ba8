import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"

export type ChartRow = {
  day: string
  /** As written: `1 Nov`. */
  label: string
  cells: string[]
  /** The whole day in a sentence, for who reads it by pointer or arrow keys. */
  reading: string
  href?: string | null
}

type ChartTableProps = { caption: string; columns: string[]; rows: ChartRow[] }

/** More columns than this don't fit beside each other on a small screen. */
const NARROW_COLUMNS = 4

/**
 * The chart's numbers. Screen readers have the table at once, everybody else when they open it. Its links can be reached
 * only then, so that nobody has to step through links that aren't shown.
 */
export function ChartTable({ caption, columns, rows }: ChartTableProps) {
  const isWide = columns.length > NARROW_COLUMNS
  const hasLinks = rows.some(({ href }) => href)
  return (
    <div className="relative">
      <details className="peer print:hidden">
        <summary className="inline-block rounded-lg py-1 text-caption font-medium text-accent underline-offset-4 hover:underline">
          View as table
        </summary>
      </details>
      <div className="sr-only peer-open:not-sr-only [&_a]:invisible peer-open:[&_a]:visible">
        <table
          {...TABLE_ROLE}
          className={classNames("mt-2 w-full text-caption", isWide ? "max-lg:block" : "max-sm:block")}
        >
          <caption className="sr-only">{caption}</caption>
          <thead {...ROW_GROUP_ROLE} className={isWide ? "max-lg:sr-only" : "max-sm:sr-only"}>
            <tr {...ROW_ROLE} className="border-border border-b text-left text-muted">
              <th {...COLUMN_HEADER_ROLE} className="py-1.5 pr-3 font-medium" scope="col">
                Day (UTC)
              </th>
              {columns.map((column) => (
                <th
                  {...COLUMN_HEADER_ROLE}
                  className="py-1.5 pl-3 text-right font-medium"
                  key={column}
                  scope="col"
                >
                  {column}
                </th>
              ))}
              {hasLinks && (
                <th {...COLUMN_HEADER_ROLE} className="py-1.5 pl-3" scope="col">
                  <span className="sr-only">Records</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody {...ROW_GROUP_ROLE} className={isWide ? "max-lg:block" : "max-sm:block"}>
            {rows.map((row) => (
              <Row columns={columns} hasLinks={hasLinks} isWide={isWide} key={row.day} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

type RowProps = { row: ChartRow; columns: string[]; isWide: boolean; hasLinks: boolean }

/** On a small screen a row is a block: the day, then each cell with its column's name before it. */
function Row({ row, columns, isWide, hasLinks }: RowProps) {
  const block = isWide ? "max-lg:block" : "max-sm:block"
  const cell = isWide
    ? "max-lg:flex max-lg:justify-between max-lg:gap-4 max-lg:py-0.5 max-lg:pl-0 max-lg:before:text-muted max-lg:before:content-[attr(data-name)]"
    : "max-sm:flex max-sm:justify-between max-sm:gap-4 max-sm:py-0.5 max-sm:pl-0 max-sm:before:text-muted max-sm:before:content-[attr(data-name)]"
  return (
    <tr
      {...ROW_ROLE}
      className={classNames(
        "border-border border-b last:border-b-0",
        block,
        isWide ? "max-lg:py-2" : "max-sm:py-2",
      )}
      data-day={row.day}
      data-reading={row.reading}
    >
      <th className={classNames("whitespace-nowrap py-1.5 pr-3 text-left font-medium", block)} scope="row">
        {row.label}
      </th>
      {columns.map((column, n) => (
        <td
          {...CELL_ROLE}
          className={classNames("py-1.5 pl-3 text-right tabular-nums", cell)}
          data-name={column}
          key={column}
        >
          {row.cells[n]}
        </td>
      ))}
      {hasLinks && (
        <td {...CELL_ROLE} className={classNames("py-1.5 pl-3 text-right", block)}>
          {row.href && (
            <Link className="font-medium text-accent underline-offset-4 hover:underline" href={row.href}>
              Records<span className="sr-only"> of {row.label}</span>
            </Link>
          )}
        </td>
      )}
    </tr>
  )
}
