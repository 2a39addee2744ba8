import type { ReactNode } from "react"
import { classNames } from "@/components/ui/class-names"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"

type Column = {
  name: string
  /** Below 640 px: next to the following half, or without its name where the cell says enough. */
  onPhone?: "half" | "unnamed"
}

type ReferenceTableProps = {
  /** Read by screen readers. */
  caption: string
  columns: Column[]
  rows: { key: string; cells: ReactNode[] }[]
  /** For many columns of figures: they stand close together and at the right. */
  isDense?: boolean
}

/** A table from 640 px on. Below that, one block per row, with the column's name above each further cell. */
export function ReferenceTable({ caption, columns, rows, isDense = false }: ReferenceTableProps) {
  return (
    <div className="overflow-hidden rounded-card border border-border bg-surface">
      <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
        <caption className="sr-only">{caption}</caption>
        <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
          <tr {...ROW_ROLE} className="text-caption text-muted">
            {columns.map(({ name }) => (
              <th
                {...COLUMN_HEADER_ROLE}
                className={classNames(
                  "py-2.5 text-left font-medium",
                  isDense ? "px-3 not-first:text-right first:pl-5 last:pr-5" : "px-5",
                )}
                key={name}
                scope="col"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
          {rows.map(({ key, cells }) => (
            <tr
              {...ROW_ROLE}
              className="grid grid-cols-2 gap-x-6 gap-y-2 border-border px-5 py-4 not-first:border-t sm:table-row sm:border-t"
              key={key}
            >
              {columns.map(({ name, onPhone }, index) => (
                <td
                  {...CELL_ROLE}
                  className={classNames(
                    "align-top first:font-medium",
                    isDense
                      ? "tabular-nums sm:px-3 sm:py-2.5 sm:not-first:text-right sm:first:pl-5 sm:last:pr-5"
                      : "sm:px-5 sm:py-3.5 sm:first:min-w-52",
                    onPhone !== "half" && "max-sm:col-span-2",
                  )}
                  key={name}
                >
                  {index > 0 && onPhone !== "unnamed" && (
                    <span aria-hidden="true" className="block text-caption text-muted sm:hidden">
                      {name}
                    </span>
                  )}
                  {cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
