import { Amount } from "@/components/ui/amount"
import { Link } from "@/components/ui/link"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"
import type { RecordRow } from "./usage-types"

type UsageRecordsProps = { records: RecordRow[]; hasCosts: boolean; now: string }

/** Each report of usage: what, by whom, when, and what paid for it. */
export function UsageRecords({ records, hasCosts, now }: UsageRecordsProps) {
  return (
    <table {...TABLE_ROLE} className="block w-full border-collapse sm:table">
      <caption className="sr-only">Records</caption>
      <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
        <tr {...ROW_ROLE} className="text-left text-caption text-muted">
          {["Usage", "Who", "When", ...(hasCosts ? ["Cost"] : [])].map((title) => (
            <th
              {...COLUMN_HEADER_ROLE}
              className="pb-2 pl-4 font-medium first:pl-0 last:text-right"
              key={title}
              scope="col"
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
        {records.map((record) => (
          <tr
            {...ROW_ROLE}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-border py-3 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-top"
            key={record.id}
          >
            <td {...CELL_ROLE}>
              <p className="font-medium">{record.what}</p>
              {record.rate && <p className="text-caption text-muted">{record.rate}</p>}
              {record.names.map((name) => (
                <p className="text-caption wrap-anywhere text-muted" key={name}>
                  <bdi>{name}</bdi>
                </p>
              ))}
              {record.reversed && <p className="text-caption">{record.reversed}</p>}
            </td>
            <td {...CELL_ROLE} className="wrap-anywhere max-sm:col-start-1 max-sm:text-caption sm:pl-4">
              <bdi>{record.who}</bdi>
            </td>
            <td
              {...CELL_ROLE}
              className="text-caption text-muted max-sm:col-start-1 sm:pl-4 sm:text-right sm:whitespace-nowrap"
            >
              <Time iso={record.at} now={now} />
            </td>
            {hasCosts && (
              <td
                {...CELL_ROLE}
                className="text-right tabular-nums max-sm:col-start-2 max-sm:row-span-3 max-sm:row-start-1 sm:pl-4"
              >
                <Cost record={record} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cost({ record }: { record: RecordRow }) {
  const { costNanos, includedNanos, creditsNanos, allowance, transactionHref } = record
  const amount = <Amount nanos={costNanos} precision="exact" />
  return (
    <>
      {transactionHref ? (
        <Link
          className="rounded-sm font-medium underline decoration-border-strong underline-offset-4 hover:decoration-current"
          href={transactionHref}
        >
          <span className="sr-only">See the transaction of </span>
          {amount}
        </Link>
      ) : (
        <span className="font-medium">{amount}</span>
      )}
      {allowance && <span className="block text-caption text-muted">{allowance} in the allowance</span>}
      {includedNanos > 0n && (
        <span className="block text-caption text-muted">
          <Amount nanos={includedNanos} precision="exact" /> included
        </span>
      )}
      {includedNanos > 0n && creditsNanos > 0n && (
        <span className="block text-caption text-muted">
          <Amount nanos={creditsNanos} precision="exact" /> credits
        </span>
      )}
    </>
  )
}
