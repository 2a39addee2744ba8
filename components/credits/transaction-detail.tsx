import type { ReactNode } from "react"
import { Amount } from "@/components/ui/amount"
import { Code } from "@/components/ui/code"
import { CopyButton } from "@/components/ui/copy-button"
import { Link } from "@/components/ui/link"
import { Time } from "@/components/ui/time"

export type TransactionDetails = {
  /** `Consumption` */
  title: string
  /** Everything in one line. Null where there is no more to say. */
  about: string | null
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
  /** Null unless it gave credits. */
  grant: {
    remainingNanos: bigint
    expiresAt: string | null
    /** Together the credits that are gone. */
    spentOn: { name: string; amountNanos: bigint }[]
  } | null
  /** Null unless it is of a payment. */
  payment: {
    /** `pur_…` */
    reference: string
    /** `pi_…` */
    paymentId: string | null
    receiptUrl: string | null
    requestedBy: string | null
    /** The purchase, its refunds and its disputes, without this one. */
    others: { name: string; amountNanos: bigint; href: string }[]
  } | null
}

/** A grant and its amount. `href` leads to the transaction that gave it. */
type Payment = { key: string; source: string; amountNanos: bigint; href: string | null }
type Linked = { quantity: string; at: string; href: string | null }

/** Everything known of one transaction, with every digit. */
export function TransactionDetail({ details, now }: { details: TransactionDetails; now: string }) {
  const { usage, transfer, reversal, grant, payment } = details
  return (
    <div>
      <p className="text-title font-semibold">
        <Amount as="change" nanos={details.amountNanos} precision="exact" />
      </p>
      <p className="text-caption wrap-anywhere text-muted">
        {details.about && <>{details.about} · </>}
        <Time iso={details.occurredAt} now={now} />
      </p>
      <dl className="mt-4 text-caption">
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
        {payment?.requestedBy && <Fact name="Bought by">{payment.requestedBy}</Fact>}
        <Fact name="When">
          <Time iso={details.occurredAt} look="absolute" now={now} />
        </Fact>
        {usage && usage.paidBy.length > 0 && (
          <Fact name="Paid by">
            <Payments payments={usage.paidBy} />
          </Fact>
        )}
        {reversal && (
          <Fact name="Went back to">
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
          <Fact name="Reversed">
            {usage.reversed.map((each) => (
              <span className="block" key={each.at + each.quantity}>
                <Reference linked={each} now={now} />
              </span>
            ))}
          </Fact>
        )}
        {grant && <GrantFacts grant={grant} now={now} />}
        {payment && <PaymentFacts payment={payment} />}
      </dl>
    </div>
  )
}

/** Credits that this gave: what they paid for, and what is left of them. */
function GrantFacts({ grant, now }: { grant: NonNullable<TransactionDetails["grant"]>; now: string }) {
  return (
    <>
      {grant.spentOn.length > 0 && (
        <Fact name="Went to">
          {grant.spentOn.map(({ name, amountNanos }) => (
            <Line key={name} name={name} nanos={amountNanos} />
          ))}
        </Fact>
      )}
      <Fact name="Left of it">
        <Amount nanos={grant.remainingNanos} precision="exact" />
        {grant.expiresAt && (
          <span className="block text-muted">
            Expires <Time iso={grant.expiresAt} look="absolute" now={now} />
          </span>
        )}
      </Fact>
    </>
  )
}

function PaymentFacts({ payment }: { payment: NonNullable<TransactionDetails["payment"]> }) {
  const { reference, paymentId, receiptUrl, others } = payment
  return (
    <>
      {others.length > 0 && (
        <Fact name="Same payment">
          {others.map(({ name, amountNanos, href }) => (
            <Line as="change" href={href} key={href} name={name} nanos={amountNanos} />
          ))}
        </Fact>
      )}
      {receiptUrl && (
        <Fact name="Receipt">
          <a className={LINK} href={receiptUrl} rel="noopener noreferrer" target="_blank">
            Receipt at Stripe
          </a>
        </Fact>
      )}
      <Fact name="Purchase">
        <Copyable text={reference} what="the purchase’s reference" />
      </Fact>
      {paymentId && (
        <Fact name="Payment">
          <Copyable text={paymentId} what="the payment’s ID at Stripe" />
        </Fact>
      )}
    </>
  )
}

/** An id that people take to a search or to support. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className="flex items-start justify-between gap-2">
      <span className="min-w-0">
        <Code>{text}</Code>
      </span>
      <span className="-my-1.5">
        <CopyButton text={text} what={what} />
      </span>
    </span>
  )
}

function Payments({ payments }: { payments: Payment[] }) {
  return payments.map(({ key, source, amountNanos, href }) => (
    <Line href={href} key={key} name={source} nanos={amountNanos} />
  ))
}

type LineProps = { name: string; nanos: bigint; href?: string | null; as?: "change" }

function Line({ name, nanos, href, as }: LineProps) {
  return (
    <span className="flex flex-wrap justify-between gap-x-3">
      {href ? (
        <Link className={LINK} href={href} scroll={false}>
          {name}
        </Link>
      ) : (
        <span>{name}</span>
      )}
      <Amount as={as} nanos={nanos} precision="exact" />
    </span>
  )
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

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 border-t border-border py-2.5">
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}
