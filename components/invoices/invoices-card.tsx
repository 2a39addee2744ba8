import type { ReactNode } from "react"
import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import {
  CELL_ROLE,
  COLUMN_HEADER_ROLE,
  ROW_GROUP_ROLE,
  ROW_ROLE,
  TABLE_ROLE,
} from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"

export type InvoiceRow = {
  key: string
  createdAt: string
  /** Names the purchase: "Credits", "Build plan". */
  what: string
  amount: string
  status:
    | "open"
    | "uncollectible"
    | "void"
    | "paid"
    | "draft"
    | "refunded"
    | "partly_refunded"
    | "disputed"
    | "paid_from_credit"
    | "credited"
  receiptHref: string | null
  invoiceHref: string | null
}

type InvoicesCardProps = {
  invoices: InvoiceRow[]
  /** The amount that Stripe takes off the next invoices, such as "$95.00". Null when there is none. */
  credit: string | null
  portalButton: ReactNode
  now: string
}

const TITLE_ID = "invoices-title"

const LINK = "rounded-sm font-medium text-accent underline-offset-4 hover:underline"

export function InvoicesCard({ invoices, credit, portalButton, now }: InvoicesCardProps) {
  const hasLinks = invoices.some(({ receiptHref, invoiceHref }) => receiptHref ?? invoiceHref)
  const titles = ["Date", "What", "Status", "Amount", ...(hasLinks ? ["Documents"] : [])]
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={portalButton}>
        <CardTitle id={TITLE_ID}>Receipts and invoices</CardTitle>
      </CardHeader>
      <CardSection className="pt-3!">
        {credit && (
          <p className="pb-3 text-muted">
            <span className="font-medium text-text tabular-nums">{credit}</span> of credit is left for the
            next plan invoices. It isn’t part of any balance.
          </p>
        )}
        {invoices.length === 0 ? (
          <EmptyState title="No invoices yet">Each payment has its receipt and invoice here.</EmptyState>
        ) : (
          <table {...TABLE_ROLE} className="block w-full border-collapse sm:table">
            <caption className="sr-only">Receipts and invoices</caption>
            <thead {...ROW_GROUP_ROLE} className="sr-only">
              <tr {...ROW_ROLE}>
                {titles.map((title) => (
                  <th {...COLUMN_HEADER_ROLE} key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody {...ROW_GROUP_ROLE} className="block sm:table-row-group">
              {invoices.map((invoice) => (
                <Row hasLinks={hasLinks} invoice={invoice} key={invoice.key} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </CardSection>
    </Card>
  )
}

function Row({ invoice, hasLinks, now }: { invoice: InvoiceRow; hasLinks: boolean; now: string }) {
  const { createdAt, what, amount, receiptHref, invoiceHref } = invoice
  return (
    <tr
      {...ROW_ROLE}
      className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-border py-3 first:border-t-0 sm:table-row"
    >
      <td
        {...CELL_ROLE}
        className="text-muted max-sm:order-3 max-sm:text-caption sm:w-36 sm:py-3 sm:align-middle"
      >
        <Time iso={createdAt} now={now} />
      </td>
      <td {...CELL_ROLE} className="min-w-0 font-medium max-sm:order-1 sm:py-3 sm:align-middle">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {what}
          <span className="sm:hidden">
            <Status status={invoice.status} />
          </span>
        </span>
      </td>
      <td {...CELL_ROLE} className="max-sm:hidden sm:w-28 sm:py-3 sm:align-middle">
        <Status status={invoice.status} />
      </td>
      <td
        {...CELL_ROLE}
        className="text-right font-medium tabular-nums max-sm:order-2 sm:w-28 sm:py-3 sm:align-middle"
      >
        {amount}
      </td>
      {hasLinks && (
        <td {...CELL_ROLE} className="text-right text-caption max-sm:order-4 sm:w-40 sm:py-3 sm:align-middle">
          <span className="inline-flex gap-4">
            {receiptHref && (
              <a className={LINK} href={receiptHref} rel="noreferrer" target="_blank">
                Receipt<span className="sr-only"> for {amount}, opens in a new tab</span>
              </a>
            )}
            {invoiceHref && (
              <a className={LINK} href={invoiceHref} rel="noreferrer" target="_blank">
                Invoice<span className="sr-only"> for {amount}, opens in a new tab</span>
              </a>
            )}
          </span>
        </td>
      )}
    </tr>
  )
}

function Status({ status }: Pick<InvoiceRow, "status">) {
  switch (status) {
    case "paid":
      return <Badge icon="check">Paid</Badge>
    case "open":
    case "draft":
      return (
        <Badge icon="alert" tone="warning">
          Due
        </Badge>
      )
    case "uncollectible":
      return (
        <Badge icon="alert" tone="danger">
          Unpaid
        </Badge>
      )
    case "refunded":
      return <Badge>Refunded</Badge>
    case "partly_refunded":
      return <Badge>Partly refunded</Badge>
    case "paid_from_credit":
      return <Badge icon="check">Paid from credit</Badge>
    case "credited":
      return <Badge>Credited</Badge>
    case "disputed":
      return (
        <Badge icon="alert" tone="warning">
          Disputed
        </Badge>
      )
    case "void":
      return <Badge>Void</Badge>
  }
}
