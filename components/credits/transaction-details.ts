import type { TransactionDetails } from "@/components/credits/transaction-detail"
import { type TransactionKind, transactionLabel } from "@/components/credits/transaction-kinds"
import { consumableName } from "@/lib/catalog/catalog"
import { quantityInWords, rateInWords } from "@/lib/catalog/in-words"
import { formatUsd } from "@/lib/money/usd"

type Usage = {
  consumable: string
  quantity: bigint
  rateNanos: bigint
  allowanceQuantity: bigint
  trigger: string
}

type Payment = {
  grantNo: number
  source: keyof typeof SOURCES
  amountNanos: bigint
  /** The transaction that gave these credits, if it is one. */
  grantSeq?: bigint | null
}

type Known = {
  poolId: string
  transaction: {
    kind: TransactionKind
    detail: string | null
    seq: bigint
    amountNanos: bigint
    balanceAfterNanos: bigint
    occurredAt: Date
    usage: Usage | null
  }
  facts: {
    payments: Payment[]
    run: { title: string } | null
    memberName: string | null
    keyName: string | null
    transfer: Transfer | null
    reversals: { seq: bigint | null; quantity: bigint; createdAt: Date }[]
    reversal: Reversal | null
    grant: Grant | null
    payment: PaymentOf | null
  }
}

type Grant = {
  remainingNanos: bigint
  spentNanos: bigint
  expiresAt: Date | null
  spentOn: { consumable: string; records: number; amountNanos: bigint }[]
}

type PaymentOf = {
  reference: string
  paymentIntentId: string | null
  receiptUrl: string | null
  requestedBy: string | null
  parts: { seq: bigint; kind: TransactionKind; amountNanos: bigint }[]
}

type Reversal = {
  consumable: string
  quantity: bigint
  allowanceQuantity: bigint
  record: { seq: bigint | null; quantity: bigint; occurredAt: Date }
  reason: string
  keyName: string | null
  parts: Payment[]
  repaidNanos: bigint
  expiredNanos: bigint
}

type Transfer = {
  movedBy: string | null
  other: { poolId: string; holder: string | null; seq: bigint | null }
  request: { askedBy: string; amountNanos: bigint; reason: string; answeredAt: Date } | null
}

/** The addresses of what a transaction leads to. */
type Hrefs = {
  transaction: (place: { poolId: string; seq: bigint }) => string
  /** A request's answer of that day. */
  answer: (at: Date) => string
}

const SOURCES = {
  included: "Included credits",
  promotion: "Given credits",
  purchase: "Purchase",
  auto_top_up: "Auto top-up",
} as const

const TRIGGERS: Record<string, string> = {
  user: "A person",
  api_key: "An API key",
  schedule: "A schedule",
  integration: "An integration",
}

/** Puts what is known of a transaction into the page's words. */
export function toTransactionDetails(
  { poolId, transaction, facts }: Known,
  hrefs: Hrefs,
): TransactionDetails {
  const hrefOf = (seq: bigint | null) => (seq === null ? null : hrefs.transaction({ poolId, seq }))
  const { amountNanos, balanceAfterNanos, occurredAt, usage } = transaction
  return {
    title: transactionLabel(transaction.kind),
    about: aboutOf(transaction, facts),
    amountNanos,
    balanceBeforeNanos: balanceAfterNanos - amountNanos,
    balanceAfterNanos,
    occurredAt: occurredAt.toISOString(),
    transfer: facts.transfer && toTransfer(facts.transfer, { isIncoming: amountNanos > 0n, hrefs }),
    usage: usage && {
      quantity: quantityInWords(usage.quantity, usage.consumable),
      fromAllowance:
        usage.allowanceQuantity > 0n ? quantityInWords(usage.allowanceQuantity, usage.consumable) : null,
      rate: rateInWords(usage.rateNanos, usage.consumable),
      startedBy: facts.keyName ? `API key “${facts.keyName}”` : (TRIGGERS[usage.trigger] ?? usage.trigger),
      member: facts.memberName,
      run: facts.run?.title ?? null,
      paidBy: facts.payments.map((payment) => toPayment(payment, hrefOf)),
      reversed: facts.reversals.map(({ seq, quantity, createdAt }) => ({
        quantity: quantityInWords(quantity, usage.consumable),
        at: createdAt.toISOString(),
        href: hrefOf(seq),
      })),
    },
    reversal: facts.reversal && toReversal(facts.reversal, hrefOf),
    grant: facts.grant && toGrant(facts.grant),
    payment: facts.payment && {
      reference: facts.payment.reference,
      paymentId: facts.payment.paymentIntentId,
      receiptUrl: facts.payment.receiptUrl,
      requestedBy: facts.payment.requestedBy,
      others: facts.payment.parts
        .filter(({ seq }) => seq !== transaction.seq)
        .map(({ seq, kind, amountNanos: nanos }) => ({
          name: transactionLabel(kind),
          amountNanos: nanos,
          href: hrefs.transaction({ poolId, seq }),
        })),
    },
  }
}

/** Says it in one line: `12,500,000 tokens · $2.40 per million tokens · API key “production” · Nightly index`. */
function aboutOf({ usage, detail }: Known["transaction"], facts: Known["facts"]): string | null {
  if (!usage) return detail && consumableName(detail)
  return [
    consumableName(usage.consumable),
    quantityInWords(usage.quantity, usage.consumable),
    rateInWords(usage.rateNanos, usage.consumable),
    facts.keyName ? `API key “${facts.keyName}”` : facts.memberName,
    facts.run?.title,
  ]
    .filter(Boolean)
    .join(" · ")
}

function toGrant({ remainingNanos, spentNanos, expiresAt, spentOn }: Grant): TransactionDetails["grant"] {
  const known = spentOn.reduce((sum, { amountNanos }) => sum + amountNanos, 0n)
  return {
    remainingNanos,
    expiresAt: expiresAt?.toISOString() ?? null,
    spentOn: [
      ...spentOn.map(({ consumable, amountNanos }) => ({
        name: consumableName(consumable),
        amountNanos,
      })),
      ...(spentNanos > known ? [{ name: "Refunds and other usage", amountNanos: spentNanos - known }] : []),
    ],
  }
}

function toReversal(
  { consumable, quantity, allowanceQuantity, record, reason, keyName, ...back }: Reversal,
  hrefOf: (seq: bigint | null) => string | null,
): TransactionDetails["reversal"] {
  return {
    quantity: quantityInWords(quantity, consumable),
    toAllowance: allowanceQuantity > 0n ? quantityInWords(allowanceQuantity, consumable) : null,
    record: {
      quantity: quantityInWords(record.quantity, consumable),
      at: record.occurredAt.toISOString(),
      href: hrefOf(record.seq),
    },
    reason,
    requestedBy: keyName === null ? null : `API key “${keyName}”`,
    wentTo: back.parts.map((part) => toPayment(part, hrefOf)),
    repaidNanos: back.repaidNanos,
    expiredNanos: back.expiredNanos,
  }
}

const toPayment = (
  { grantNo, source, amountNanos, grantSeq = null }: Payment,
  hrefOf: (seq: bigint | null) => string | null,
) => ({
  key: String(grantNo),
  source: SOURCES[source],
  amountNanos,
  href: hrefOf(grantSeq),
})

function toTransfer(
  { movedBy, other: { poolId, holder, seq }, request }: Transfer,
  { isIncoming, hrefs }: { isIncoming: boolean; hrefs: Hrefs },
): TransactionDetails["transfer"] {
  return {
    other: {
      name: isIncoming ? "From" : "To",
      holder: holder ?? "Team",
      href: seq === null ? null : hrefs.transaction({ poolId, seq }),
    },
    movedBy,
    request: request && {
      title: `${request.askedBy} asked for ${formatUsd(request.amountNanos)}`,
      reason: request.reason,
      href: hrefs.answer(request.answeredAt),
    },
  }
}
