import { classNames } from "@/components/ui/class-names"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import type { FigureRow } from "./statement-types"

type FiguresTableProps = {
  /** Read by screen readers; a heading beside the table says the same to everybody else. */
  caption: string
  rows: FigureRow[]
}

const AMOUNT = "text-right whitespace-nowrap tabular-nums sm:py-2.5 sm:pl-6 sm:align-top"

/** Lines with their amounts: a table from 640 px on; below that, the second amount stands under the first. */
export function FiguresTable({ caption, rows }: FiguresTableProps) {
  const hasIncluded = rows.some(({ included }) => included !== null)
  return (
    <table {...TABLE_ROLE} className="block w-full border-collapse sm:table">
      <caption className="sr-only">{caption}</caption>
      <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
        <tr {...ROW_ROLE} className="text-caption text-muted">
          <th {...COLUMN_HEADER_ROLE} className="pb-2 text-left font-medium" scope="col">
            <span className="sr-only">Line</span>
          </th>
          <th {...COLUMN_HEADER_ROLE} className="pb-2 pl-6 text-right font-medium" scope="col">
            Credits
          </th>
          {hasIncluded && (
            <th
              {...COLUMN_HEADER_ROLE}
              className="pb-2 pl-6 text-right font-medium whitespace-nowrap"
              scope="col"
            >
              Included credits
            </th>
          )}
        </tr>
      </thead>
      <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
        {rows.map((row) => (
          <Row hasIncluded={hasIncluded} key={row.key} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, hasIncluded }: { row: FigureRow; hasIncluded: boolean }) {
  const { label, detail, credits, included, isBalance } = row
  return (
    <tr
      {...ROW_ROLE}
      className={classNames(
        "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-border py-2.5 break-inside-avoid max-sm:first:border-t-0 sm:table-row",
        isBalance && "font-semibold",
      )}
    >
      <td {...CELL_ROLE} className="row-span-2 min-w-0 sm:w-full sm:py-2.5 sm:align-top">
        <span className="wrap-anywhere">{label}</span>
        {detail && <span className="block text-caption font-normal wrap-anywhere text-muted">{detail}</span>}
      </td>
      <td {...CELL_ROLE} className={classNames(AMOUNT, "col-start-2")}>
        {credits}
      </td>
      {hasIncluded && (
        <td
          {...CELL_ROLE}
          className={classNames(AMOUNT, "col-start-2 max-sm:text-caption max-sm:text-muted")}
        >
          {included}
          {included && <span className="font-normal sm:hidden"> included</span>}
        </td>
      )}
    </tr>
  )
}
