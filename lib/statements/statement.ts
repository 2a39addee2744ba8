import type { EntryKind } from "@/lib/db/generated/enums"
import type { Month } from "./month"

/** A bucket of a pool over a month. Whatever moved it makes up for the difference between opening and closing, to the nano. */
export type Balance = {
  openingNanos: bigint
  closingNanos: bigint
  /** The sum of the entries of each kind, with their sign. */
  moved: Record<EntryKind, bigint>
}

/** Usage of a consumable by one member, or by nobody. */
export type UsedLine = {
  consumable: string
  /** Its name at that time. */
  consumableName: string
  /** The quantity counts units of ten to the minus this. */
  decimals: number
  memberId: string | null
  /** The member's name at that time. Null for usage that no member caused. */
  memberName: string | null
  records: bigint
  quantity: bigint
  allowanceQuantity: bigint
  includedNanos: bigint
  creditsNanos: bigint
}

/** A payment, or money that went back. */
export type PaymentLine = {
  seq: bigint
  kind: EntryKind
  occurredAt: Date
  /** The credits that came, or went (negative). */
  amountNanos: bigint
  /** All that was paid, with tax. Null for money that went back. */
  paidNanos: bigint | null
  invoiceNumber: string | null
  /** Stripe's id of the payment. */
  paymentId: string | null
}

export type StatementPool = {
  poolId: string
  poolNo: number
  /** Null for the pool that an Enterprise team shares. */
  holderName: string | null
  /** The pool's last entry of the month. */
  lastSeq: bigint
  credits: Balance
  included: Balance
  used: UsedLine[]
  payments: PaymentLine[]
}

export type StatementHead = {
  id: string
  month: Month
  no: number
  createdAt: Date
}

/** A month of a team as it was written down when the month was over. */
export type Statement = StatementHead & {
  teamName: string
  /** Lines of an address: whom it is for, and who provides the credits. */
  recipient: string[]
  provider: string[]
  pools: StatementPool[]
}

/** In the order in which people read them. */
export const MOVEMENTS = [
  "purchase",
  "auto_top_up",
  "included_grant",
  "promotion",
  "consumption",
  "consumption_reversal",
  "refund",
  "dispute",
  "dispute_reversal",
  "expiry",
  "transfer",
  "adjustment",
] as const satisfies readonly EntryKind[]

export function emptyBalance(openingNanos = 0n): Balance {
  const moved = Object.fromEntries(MOVEMENTS.map((kind) => [kind, 0n])) as Balance["moved"]
  return { openingNanos, closingNanos: openingNanos, moved }
}

/** Whether anything moved, or there was anything to move. */
export function isIdle({ credits, included }: StatementPool): boolean {
  return [credits, included].every(
    ({ openingNanos, closingNanos, moved }) =>
      openingNanos === 0n && closingNanos === 0n && MOVEMENTS.every((kind) => moved[kind] === 0n),
  )
}

/** Whether anything came or went in the month. Usage that an allowance covered counts. */
export function hasMoved({ pools }: Pick<Statement, "pools">): boolean {
  return pools.some(
    ({ credits, included, used }) =>
      used.length > 0 ||
      [credits, included].some(({ moved }) => MOVEMENTS.some((kind) => moved[kind] !== 0n)),
  )
}

/** Adds up the balances of several pools. Transfers between them cancel out. */
export function sumBalances(balances: Balance[]): Balance {
  const sum = emptyBalance()
  for (const { openingNanos, closingNanos, moved } of balances) {
    sum.openingNanos += openingNanos
    sum.closingNanos += closingNanos
    for (const kind of MOVEMENTS) sum.moved[kind] += moved[kind]
  }
  return sum
}
