import { Card, CardSection } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Link } from "@/components/ui/link"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import type { StatementRow } from "./statement-types"

const LINK = "rounded-sm font-medium text-accent underline-offset-4 hover:underline"
const AMOUNT = "text-right whitespace-nowrap tabular-nums sm:py-3 sm:pl-6"

/** The team's statements, newest first. */
export function StatementsCard({ rows }: { rows: StatementRow[] }) {
  return (
    <Card>
      <CardSection>
        {rows.length === 0 ? (
          <EmptyState title="No statements yet">
            The first one is made when a month with credits in it is over.
          </EmptyState>
        ) : (
          <table {...TABLE_ROLE} className="block w-full border-collapse sm:table">
            <caption className="sr-only">Statements</caption>
            <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
              <tr {...ROW_ROLE} className="text-caption text-muted">
                {["Month", "Opening", "Added", "Used", "Closing", "Document"].map((title, index) => (
                  <th
                    {...COLUMN_HEADER_ROLE}
                    className={
                      index === 0 ? "pb-2 text-left font-medium" : "pb-2 pl-6 text-right font-medium"
                    }
                    key={title}
                    scope="col"
                  >
                    {title === "Document" ? <span className="sr-only">{title}</span> : title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
              {rows.map((row) => (
                <Row key={row.month} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </CardSection>
    </Card>
  )
}

function Row({ row }: { row: StatementRow }) {
  const { name, number, href, pdfHref, opening, added, used, closing } = row
  return (
    <tr
      {...ROW_ROLE}
      className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-border py-3 max-sm:first:border-t-0 max-sm:first:pt-0 sm:table-row"
    >
      <td {...CELL_ROLE} className="sm:w-full sm:py-3">
        <Link className={LINK} href={href}>
          {name}
        </Link>
        <span className="block text-caption text-muted">{number}</span>
      </td>
      <td {...CELL_ROLE} className={`${AMOUNT} text-muted max-sm:hidden`}>
        {opening}
      </td>
      <td {...CELL_ROLE} className={`${AMOUNT} text-muted max-sm:hidden`}>
        {added}
      </td>
      <td
        {...CELL_ROLE}
        className={`${AMOUNT} max-sm:order-3 max-sm:text-left max-sm:text-caption max-sm:text-muted`}
      >
        <span className="sm:hidden">Used </span>
        {used}
      </td>
      <td {...CELL_ROLE} className={`${AMOUNT} font-medium`}>
        {closing}
      </td>
      <td {...CELL_ROLE} className="text-right text-caption max-sm:order-4 sm:py-3 sm:pl-6">
        <a className={LINK} download href={pdfHref}>
          PDF<span className="sr-only"> of {name}</span>
        </a>
      </td>
    </tr>
  )
}
