import type { ReactNode } from "react"
import { Amount } from "@/components/ui/amount"
import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"
import { Time } from "@/components/ui/time"

export type TransactionDetails = {
  amountNanos: bigint
  balanceBeforeNanos: bigint
  balanceAfterNanos: bigint
  occurredAt: string
  /** Null unless it is usage. */
  usage: {
    /** `12,500,000 tokens` */
    quantity: string
    /** Null if the allowance covered none of it. */
    fromAllowance: string | null
    /** `$4.00 per million tokens` */
    rate: string
    /** `API key “production”` */
    startedBy: string
    member: string | null
    run: string | null
    paidBy: Payment[]
    /** Taken back since, oldest first. `href` leads to the correction, if it is a transaction. */
    reversed: Linked[]
  } | null
  /** Null unless it is a transfer. */
  transfer: {
    /** The same transfer in the other pool. */
    other: { name: string; holder: string; href: string | null }
    movedBy: string | null
    /** `href` leads to its answer in the audit log. */
    request: { title: string; reason: string; href: string } | null
  } | null
  /** Null unless it takes usage back. */
  reversal: {
    quantity: string
    /** Null if no allowance had covered it. */
    toAllowance: string | null
    record: Linked
    reason: string
    requestedBy: string | null
    wentTo: Payment[]
    repaidNanos: bigint
    expiredNanos: bigint
  } | null
}

/** A grant and its amount. */
type Payment = { key: string; source: string; amountNanos: bigint }
type Linked = { quantity: string; at: string; href: string | null }

/** Everything known of one transaction, with every digit. */
export function TransactionDetail({ details, now }: { details: TransactionDetails; now: string }) {
  const { usage, transfer, reversal } = details
  return (
    <dl className="-mx-3 grid gap-x-8 gap-y-3 rounded-control bg-sunken px-3 py-4 text-caption sm:grid-cols-[repeat(3,minmax(0,1fr))]">
      <Fact name="Amount">
        <Amount as="change" nanos={details.amountNanos} precision="exact" />
      </Fact>
      {usage && (
        <>
          <Fact name="Quantity">
            {usage.quantity}
            {usage.fromAllowance && (
              <span className="block text-muted">{usage.fromAllowance} covered by the plan</span>
            )}
          </Fact>
          <Fact name="Rate">{usage.rate}</Fact>
          <Fact name="Started by">{usage.startedBy}</Fact>
          {usage.member && <Fact name="Member">{usage.member}</Fact>}
          {usage.run && <Fact name="Run">{usage.run}</Fact>}
        </>
      )}
      {transfer && <TransferFacts transfer={transfer} />}
      {reversal && <ReversalFacts now={now} reversal={reversal} />}
      <Fact name="When">
        <Time iso={details.occurredAt} look="absolute" now={now} />
      </Fact>
      {usage && usage.paidBy.length > 0 && (
        <Fact className="sm:col-start-1" name="Paid by">
          <Payments payments={usage.paidBy} />
        </Fact>
      )}
      {reversal && (
        <Fact className="sm:col-start-1" name="Went back to">
          <Payments payments={reversal.wentTo} />
          {reversal.toAllowance && (
            <span className="block text-muted">{reversal.toAllowance} to the plan’s allowance</span>
          )}
        </Fact>
      )}
      <Fact name="Balance before">
        <Amount nanos={details.balanceBeforeNanos} precision="exact" />
      </Fact>
      <Fact name="Balance after">
        <Amount nanos={details.balanceAfterNanos} precision="exact" />
      </Fact>
      {usage && usage.reversed.length > 0 && (
        <Fact className="sm:col-start-1" name="Reversed">
          {usage.reversed.map((each) => (
            <span className="block" key={each.at + each.quantity}>
              <Reference linked={each} now={now} />
            </span>
          ))}
        </Fact>
      )}
    </dl>
  )
}

function Payments({ payments }: { payments: Payment[] }) {
  return payments.map(({ key, source, amountNanos }) => (
    <span className="flex flex-wrap justify-between gap-x-3" key={key}>
      <span>{source}</span>
      <Amount nanos={amountNanos} precision="exact" />
    </span>
  ))
}

/** Leads from a usage record to its correction, and back. */
function Reference({ linked: { quantity, at, href }, now }: { linked: Linked; now: string }) {
  return (
    <>
      {href ? (
        <Link className={LINK} href={href}>
          {quantity}
        </Link>
      ) : (
        quantity
      )}
      {" · "}
      <Time iso={at} now={now} />
    </>
  )
}

const LINK = "rounded-sm text-accent underline underline-offset-4"

function TransferFacts({ transfer }: { transfer: NonNullable<TransactionDetails["transfer"]> }) {
  const { other, movedBy, request } = transfer
  return (
    <>
      <Fact name={other.name}>
        {other.href ? (
          <Link className={LINK} href={other.href}>
            {other.holder}
          </Link>
        ) : (
          other.holder
        )}
      </Fact>
      {movedBy && <Fact name="Moved by">{movedBy}</Fact>}
      {request && (
        <Fact name="Request">
          <Link className={LINK} href={request.href}>
            {request.title}
          </Link>
          <span className="block text-muted">“{request.reason}”</span>
        </Fact>
      )}
    </>
  )
}

function ReversalFacts({
  reversal,
  now,
}: {
  reversal: NonNullable<TransactionDetails["reversal"]>
  now: string
}) {
  const { quantity, record, reason, requestedBy, repaidNanos, expiredNanos } = reversal
  return (
    <>
      <Fact name="Reversed">{quantity}</Fact>
      <Fact name="Of the usage">
        <Reference linked={record} now={now} />
      </Fact>
      <Fact name="Reason">{reason}</Fact>
      {requestedBy && <Fact name="Requested by">{requestedBy}</Fact>}
      {repaidNanos > 0n && (
        <Fact name="Repaid debt">
          <Amount nanos={repaidNanos} precision="exact" />
        </Fact>
      )}
      {expiredNanos > 0n && (
        <Fact name="Not usable now">
          <Amount nanos={expiredNanos} precision="exact" />
        </Fact>
      )}
    </>
  )
}

function Fact({ name, className, children }: { name: string; className?: string; children: ReactNode }) {
  return (
    <div className={classNames("min-w-0", className)}>
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}
