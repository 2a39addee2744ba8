import type { ReactNode } from "react"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"

type ReferenceTableProps = {
  /** Said to screen readers. */
  caption: string
  columns: string[]
  rows: { key: string; cells: ReactNode[] }[]
}

/** A table from 640 px on; below, one block per row, with the column's name above each further cell. */
export function ReferenceTable({ caption, columns, rows }: ReferenceTableProps) {
  return (
    <div className="overflow-hidden rounded-card border border-border bg-surface">
      <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
        <caption className="sr-only">{caption}</caption>
        <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
          <tr {...ROW_ROLE} className="text-caption text-muted">
            {columns.map((column) => (
              <th
                {...COLUMN_HEADER_ROLE}
                className="px-5 py-2.5 text-left font-medium"
                key={column}
                scope="col"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
          {rows.map(({ key, cells }) => (
            <tr
              {...ROW_ROLE}
              className="flex flex-col gap-2 border-border px-5 py-4 not-first:border-t sm:table-row sm:border-t"
              key={key}
            >
              {cells.map((cell, index) => (
                <td
                  {...CELL_ROLE}
                  className="align-top first:font-medium sm:first:min-w-52 sm:px-5 sm:py-3.5"
                  key={columns[index]}
                >
                  {index > 0 && (
                    <span aria-hidden="true" className="block text-caption text-muted sm:hidden">
                      {columns[index]}
                    </span>
                  )}
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
