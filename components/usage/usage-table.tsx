import type { ReactNode } from "react"
import { Amount } from "@/components/ui/amount"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import type { UsageColumn, UsageRow } from "./usage-types"

type UsageTableProps = {
  caption: string
  /** The rows in a word: `Consumable`. */
  nameTitle: string
  rows: UsageRow[]
  hasCosts: boolean
  /** Whether each row has one overage rate. */
  hasRates: boolean
  sort: { column: UsageColumn; isReverse: boolean }
  /** Where each column sorts. */
  sortHrefs: Record<UsageColumn, string>
}

/** A table from 768 px on. Below that, one block a row with its cost beside the name. */
export function UsageTable(props: UsageTableProps) {
  const { caption, rows, hasCosts, hasRates } = props
  return (
    <table {...TABLE_ROLE} className="relative block w-full border-collapse md:table">
      <caption className="sr-only">{caption}</caption>
      <thead {...ROW_GROUP_ROLE} className="block md:table-header-group">
        <tr
          {...ROW_ROLE}
          className="flex flex-wrap gap-x-4 pb-1 text-caption text-muted md:table-row [&>th]:font-medium"
        >
          <Head {...props} column="name" title={props.nameTitle} />
          <Head {...props} column="records" title="Records" />
          <Head {...props} column={null} title="Units" />
          {hasRates && <Head {...props} column={null} title="Overage rate" />}
          {hasCosts && (
            <>
              <Head {...props} column="included" title="Included" />
              <Head {...props} column="credits" title="Credits" />
              <Head {...props} column="cost" title="Cost" />
            </>
          )}
        </tr>
      </thead>
      <tbody {...ROW_GROUP_ROLE} className="block md:table-row-group">
        {rows.map((row) => (
          <Row hasCosts={hasCosts} hasRates={hasRates} key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  )
}

type HeadProps = UsageTableProps & { column: UsageColumn | null; title: string }

function Head({ column, title, sort, sortHrefs }: HeadProps) {
  const isSorted = column !== null && sort.column === column
  const isDown = (column === "name") === sort.isReverse
  return (
    <th
      {...COLUMN_HEADER_ROLE}
      aria-sort={isSorted ? (isDown ? "descending" : "ascending") : undefined}
      className={classNames(
        "py-1 md:px-2 md:pb-2 md:first:pl-0 md:last:pr-0",
        column === "name" ? "text-left" : "md:text-right",
        column === null && "max-md:sr-only",
      )}
      scope="col"
    >
      {column === null ? (
        title
      ) : (
        <Link
          className={classNames(
            "inline-flex min-h-8 items-center gap-1 rounded-sm whitespace-nowrap hover:text-text",
            isSorted && "text-text",
          )}
          href={sortHrefs[column]}
          scroll={false}
        >
          {title}
          {isSorted && <Icon className={classNames("size-3.5", !isDown && "rotate-180")} name="expand" />}
        </Link>
      )}
    </th>
  )
}

function Row({ row, hasCosts, hasRates }: { row: UsageRow; hasCosts: boolean; hasRates: boolean }) {
  const name = <bdi className="wrap-anywhere">{row.name}</bdi>
  return (
    <tr
      {...ROW_ROLE}
      className="grid grid-cols-2 gap-x-4 gap-y-1.5 border-t border-border py-3 md:table-row md:[&>td]:border-t md:[&>td]:border-border"
    >
      <td {...CELL_ROLE} className="align-top max-md:col-span-2 md:w-[28%] md:py-3 md:pr-2">
        {row.href ? (
          <Link
            className="rounded-sm font-medium underline decoration-border-strong underline-offset-4 hover:decoration-current"
            href={row.href}
            title="See its records"
          >
            {name}
          </Link>
        ) : (
          <span className="font-medium">{name}</span>
        )}
        <Share percent={row.share} />
      </td>
      <Cell title="Records">{row.records.toLocaleString("en-US")}</Cell>
      <Cell title="Units">
        <Lines texts={row.units} />
        {row.allowances.length > 0 && (
          <span className="block text-caption text-muted">{row.allowances.join(", ")} in the allowance</span>
        )}
      </Cell>
      {hasRates && <Cell title="Overage rate">{row.rate ?? "None any more"}</Cell>}
      {hasCosts && (
        <>
          <Cell title="Included">
            <Amount nanos={row.includedNanos} />
          </Cell>
          <Cell title="Credits">
            <Amount nanos={row.creditsNanos} />
          </Cell>
          <Cell title="Cost">
            <Amount className="font-medium" nanos={row.costNanos} />
          </Cell>
        </>
      )}
    </tr>
  )
}

function Cell({ title, children }: { title: string; children: ReactNode }) {
  return (
    <td {...CELL_ROLE} className="align-top tabular-nums md:px-2 md:py-3 md:text-right md:last:pr-0">
      <span aria-hidden="true" className="block text-caption text-muted md:hidden">
        {title}
      </span>
      {children}
    </td>
  )
}

/** Several consumables’ units can’t be added up, so each has a line. */
function Lines({ texts }: { texts: string[] }) {
  return texts.map((text) => (
    <span className="block" key={text}>
      {text}
    </span>
  ))
}

function Share({ percent }: { percent: number }) {
  return (
    <span className="mt-1 flex max-w-56 items-center gap-2 text-caption text-muted tabular-nums">
      <span aria-hidden="true" className="h-1 flex-1 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      <span className="w-10 text-right">{percent}%</span>
    </span>
  )
}
