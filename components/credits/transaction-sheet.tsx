import { Copyable, TransactionDetail, type TransactionDetails } from "@/components/credits/transaction-detail"
import { CopyButton } from "@/components/ui/copy-button"
import { LinkedSheet } from "@/components/ui/linked-sheet"
import { Pager } from "@/components/ui/pager"

export type OpenedTransaction = {
  id: string
  details: TransactionDetails
  /** `ent_…` */
  reference: string
  /** The whole address, for somebody else. */
  link: string
  closeHref: string
  /** The ones beside it in the list. Null at its ends. */
  newerHref: string | null
  olderHref: string | null
}

/** One transaction over its list, at an address of its own. */
export function TransactionSheet({ opened, now }: { opened: OpenedTransaction; now: string }) {
  const { details, reference, link, closeHref, newerHref, olderHref } = opened
  return (
    <LinkedSheet
      action={<CopyButton label="Copy link" text={link} what="to this transaction" />}
      closeHref={closeHref}
      title={details.title}
    >
      <TransactionDetail details={details} now={now} />
      <div className="mb-5 grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 border-y border-border py-2.5 text-caption">
        <span className="text-muted">Reference</span>
        <Copyable text={reference} what="the reference" />
      </div>
      <Pager keepsScroll label="Transactions beside it" newerHref={newerHref} olderHref={olderHref} />
    </LinkedSheet>
  )
}
