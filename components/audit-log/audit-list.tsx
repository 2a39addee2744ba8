import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"
import type { AuditRow } from "./audit-types"
import type { Change } from "./change-words"

/** A table row from 640 px on. Below that, what was done, then when and from where. */
const ROW =
  "block border-t border-border py-3 first:border-t-0 first:pt-0 sm:table-row sm:first:[&>td]:border-t sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-top"

export function AuditList({ rows, now }: { rows: AuditRow[]; now: string }) {
  return (
    <table {...TABLE_ROLE} className="block w-full border-collapse sm:table">
      <caption className="sr-only">Audit log</caption>
      <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
        <tr {...ROW_ROLE} className="text-left text-caption text-muted">
          {["What happened", "When", "From"].map((title, index) => (
            <th
              {...COLUMN_HEADER_ROLE}
              className={classNames("pb-2 font-medium", index > 0 && "pl-6")}
              key={title}
              scope="col"
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
        {rows.map((row) => (
          <tr {...ROW_ROLE} className={ROW} key={row.id}>
            <td {...CELL_ROLE} className="block sm:table-cell sm:w-full">
              <p className="wrap-anywhere">
                <Actor who={row.who} /> {row.deed}
                {row.subject && <span className="font-medium"> {row.subject}</span>}
              </p>
              {row.changes.length > 0 && (
                <ul className="mt-1 flex flex-col gap-0.5 text-caption text-muted">
                  {row.changes.map((change) => (
                    <li className="wrap-anywhere" key={change.name}>
                      <ChangeLine change={change} />
                    </li>
                  ))}
                </ul>
              )}
              {row.transactionHref && (
                <p className="mt-1 text-caption">
                  <Link
                    className="rounded-sm text-accent underline underline-offset-4"
                    href={row.transactionHref}
                  >
                    See the transaction
                  </Link>
                </p>
              )}
            </td>
            <td {...CELL_ROLE} className="text-caption text-muted max-sm:inline sm:pl-6 sm:whitespace-nowrap">
              <Time iso={row.at} now={now} />
            </td>
            <td
              {...CELL_ROLE}
              className={classNames(
                "text-caption wrap-anywhere text-muted max-sm:inline sm:max-w-44 sm:min-w-34 sm:pl-6",
                row.address && "max-sm:before:mx-1.5 max-sm:before:content-['·']",
              )}
            >
              {row.address ?? <span className="sr-only">unknown</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The name leads to everything that the person did. */
function Actor({ who: { name, detail, href } }: Pick<AuditRow, "who">) {
  if (!href) return <span className="font-medium">{name}</span>
  return (
    <Link
      className="rounded-sm font-medium underline-offset-4 hover:underline"
      href={href}
      title={detail ?? undefined}
    >
      {name}
    </Link>
  )
}

function ChangeLine({ change: { name, from, to } }: { change: Change }) {
  if (from === null) return `${name}: ${to}`
  return (
    <>
      {name}: {from} <span aria-hidden="true">→</span> <span className="sr-only">became </span>
      {to ?? "none"}
    </>
  )
}
