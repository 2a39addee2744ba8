import { CSV_BEGIN, type CsvCell, csvLine } from "@/lib/csv"
import { toDecimalString } from "@/lib/money/usd"
import { balanceLines, paymentTitle, poolTitle, userTitle } from "./lines"
import { statementNumber } from "./month"
import type { Statement, StatementPool, UsedLine } from "./statement"

const COLUMNS = [
  "Statement",
  "Month",
  "Pool",
  "Section",
  "Line",
  "Member",
  "Date",
  "Quantity",
  "Allowance",
  "Records",
  "Credits",
  "Included credits",
  "Paid",
  "Invoice",
  "Payment",
]

/** Writes a statement as a file for spreadsheets, with every digit. Every line names its pool, so that it can be filtered. */
export function statementCsv(statement: Statement): string {
  const lines = statement.pools.flatMap((pool) => {
    const begin = [statementNumber(statement), statement.month, poolTitle(pool)]
    return [...balanceRows(pool), ...usageRows(pool), ...paymentRows(pool)].map((row) => [...begin, ...row])
  })
  return CSV_BEGIN + [COLUMNS, ...lines].map(csvLine).join("")
}

function balanceRows(pool: StatementPool): CsvCell[][] {
  return balanceLines(pool).map(({ label, creditsNanos, includedNanos }) => [
    ...["Balance", label, null, null, null, null, null],
    ...[money(creditsNanos), money(includedNanos), null, null, null],
  ])
}

function usageRows({ used }: StatementPool): CsvCell[][] {
  return used.map((line) => [
    ...["Usage", line.consumableName, userTitle(line), null],
    ...[
      number(decimalOf(line.quantity, line)),
      number(decimalOf(line.allowanceQuantity, line)),
      number(String(line.records)),
    ],
    ...[money(-line.creditsNanos), money(-line.includedNanos), null, null, null],
  ])
}

function paymentRows({ payments }: StatementPool): CsvCell[][] {
  return payments.map(({ kind, occurredAt, amountNanos, paidNanos, invoiceNumber, paymentId }) => [
    ...["Payment", paymentTitle(kind), null, occurredAt.toISOString(), null, null, null],
    ...[money(amountNanos), null, paidNanos === null ? null : money(paidNanos), invoiceNumber, paymentId],
  ])
}

const number = (digits: string) => ({ number: digits })
const money = (nanos: bigint) => number(toDecimalString(nanos))

/** A quantity in units, in plain digits. */
export function decimalOf(quantity: bigint, { decimals }: Pick<UsedLine, "decimals">): string {
  const digits = String(quantity).padStart(decimals + 1, "0")
  const point = digits.length - decimals
  const fraction = digits.slice(point).replace(/0+$/, "")
  return `${digits.slice(0, point)}${fraction && `.${fraction}`}`
}
