import { type TransactionKind, transactionLabel } from "@/components/credits/transaction-kinds"
import { Amount } from "@/components/ui/amount"
import { classNames } from "@/components/ui/class-names"
import { Spinner } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { CELL_ROLE, ROW_ROLE } from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"

export type Transaction = {
  id: string
  kind: TransactionKind
  /** Signed: positive for what came, negative for what went. */
  amountNanos: bigint
  balanceAfterNanos: bigint
  occurredAt: string
  /** Its purpose: "LLM tokens". */
  detail?: string | null
  receiptUrl?: string | null
  /** The address that shows all its details. */
  href: string
}

export type ProcessingPurchase = { id: string; amountNanos: bigint; occurredAt: string }

/** A table row from 640 px on. Below that, two lines: what and how much, then when and what was left. */
const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-border py-3 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3"
const WHAT = "font-medium sm:min-w-36 sm:pr-4 sm:whitespace-nowrap"
const WHEN = "col-start-1 row-start-2 text-caption text-muted sm:w-full sm:pr-4"
const AMOUNT = "col-start-2 row-start-1 text-right font-medium sm:whitespace-nowrap"
const BALANCE =
  "col-start-2 row-start-2 text-right text-caption text-muted tabular-nums sm:pl-6 sm:text-body sm:whitespace-nowrap"

type TransactionRowProps = {
  transaction: Transaction
  now: string
}

export function TransactionRow({ transaction, now }: TransactionRowProps) {
  const { id, kind, amountNanos, balanceAfterNanos, occurredAt, detail, receiptUrl, href } = transaction
  return (
    <tr
      {...ROW_ROLE}
      className={classNames(
        ROW,
        "relative hover:bg-sunken hover:shadow-[-0.75rem_0_var(--sunken),0.75rem_0_var(--sunken)]",
      )}
      id={`transaction-${id}`}
    >
      <td {...CELL_ROLE} className={WHAT}>
        <Link className="rounded-lg after:absolute after:inset-0" href={href} prefetch={false} scroll={false}>
          {transactionLabel(kind)}
        </Link>
      </td>
      <td {...CELL_ROLE} className={WHEN}>
        {detail && `${detail} · `}
        <Time iso={occurredAt} now={now} />
        {receiptUrl && (
          <>
            {" · "}
            <a
              className="relative font-medium text-accent underline-offset-4 hover:underline"
              href={receiptUrl}
              rel="noopener noreferrer"
              target="_blank"
            >
              Receipt
            </a>
          </>
        )}
      </td>
      <td {...CELL_ROLE} className={AMOUNT}>
        <Amount as="change" nanos={amountNanos} />
      </td>
      <td {...CELL_ROLE} className={BALANCE}>
        <Amount as="balance" nanos={balanceAfterNanos} />
      </td>
    </tr>
  )
}

/** A payment under way: grey, because the balance doesn't include it yet. */
export function ProcessingRow({ purchase, now }: { purchase: ProcessingPurchase; now: string }) {
  return (
    <tr {...ROW_ROLE} className={`${ROW} text-muted`}>
      <td {...CELL_ROLE} className={WHAT}>
        Purchase
      </td>
      <td {...CELL_ROLE} className={WHEN}>
        <Time iso={purchase.occurredAt} now={now} />
      </td>
      <td {...CELL_ROLE} className={AMOUNT}>
        <Amount as="change" className="text-muted!" nanos={purchase.amountNanos} />
      </td>
      <td {...CELL_ROLE} className={BALANCE}>
        <span className="inline-flex items-center gap-1.5 align-middle text-caption">
          <Spinner className="size-3.5" />
          Processing
        </span>
      </td>
    </tr>
  )
}
