import { formatUtcDay } from "@/lib/format-time"
import {
  balanceLines,
  exactUsd,
  MAX_POOLS,
  membersOf,
  paymentTitle,
  poolsLeftInWords,
  poolTitle,
  shownPools,
  sumPools,
  type UsedGroup,
  usedByConsumable,
  usedByMember,
} from "./lines"
import { daysInWords, monthInWords, statementNumber } from "./month"
import { type Column, INNER, MARGIN, MUTED, Sheets } from "./pdf-sheet"
import type { Statement, StatementPool } from "./statement"

/**
 * Renders a statement as a PDF from what is stored of it, so that it never changes. `pageUrl` is where it can be read with
 * letters that no font here has.
 */
export function statementPdf(statement: Statement, { pageUrl }: { pageUrl: string }): Promise<Buffer> {
  const { month, provider, createdAt, teamName } = statement
  const number = statementNumber(statement)
  const sheets = new Sheets({ title: `Statement ${number}`, author: provider[0] ?? "Credits", at: createdAt })
  writeHead(sheets, statement)
  const pools = shownPools(statement)
  if (pools.length > 1) writeTotal(sheets, pools)
  for (const pool of pools.slice(0, MAX_POOLS))
    writePool(sheets, pool, pools.length > 1 || pool.holderName !== null)
  if (pools.length === 0) sheets.y += sheets.text("Nothing moved in this month.", MARGIN, INNER)
  const left = poolsLeftInWords(pools)
  if (left) sheets.y += sheets.text(left, MARGIN, INNER) + 10
  writeNotes(sheets, pageUrl)
  return sheets.finish((page, pages) => [
    `${number} · ${teamName} · ${monthInWords(month)}`,
    `Page ${page} of ${pages}`,
  ])
}

function writeHead(sheets: Sheets, statement: Statement): void {
  const { month, provider, recipient, createdAt } = statement
  const half = INNER / 2
  sheets.y += sheets.text("Statement", MARGIN, half, { size: 20, weight: 600 }) + 2
  sheets.y += sheets.text(daysInWords(month), MARGIN, half, { size: 11, color: MUTED }) + 14
  const top = sheets.y
  const facts = [
    ["Number", statementNumber(statement)],
    ["Made on", `${formatUtcDay(createdAt)} ${createdAt.getUTCFullYear()}`],
  ]
  const left = column(sheets, MARGIN, "For", recipient)
  sheets.y = top
  const right = column(sheets, MARGIN + half, "From", provider)
  sheets.y = Math.max(left, right) + 10
  for (const [label = "", value = ""] of facts) {
    sheets.text(label, MARGIN, 70, { color: MUTED })
    sheets.y += sheets.text(value, MARGIN + 70, half)
  }
  sheets.y += 18
}

/** Writes an address and returns where it ends. */
function column(sheets: Sheets, x: number, title: string, lines: string[]): number {
  const width = INNER / 2 - 16
  sheets.y += sheets.text(title, x, width, { size: 8, color: MUTED }) + 2
  for (const [index, line] of lines.entries())
    sheets.y += sheets.text(line, x, width, { weight: index === 0 ? 600 : 400 })
  return sheets.y
}

function writeTotal(sheets: Sheets, pools: StatementPool[]): void {
  heading(sheets, "All pools")
  const sum = sumPools(pools)
  writeBalances(sheets, sum)
  writeUsage(sheets, "Used by consumable", usedByConsumable(sum.used))
  writeUsage(sheets, "Used by member", usedByMember(sum.used))
}

function writePool(sheets: Sheets, pool: StatementPool, isNamed: boolean): void {
  if (isNamed) heading(sheets, poolTitle(pool))
  writeBalances(sheets, pool)
  writeUsage(sheets, "Used by consumable", usedByConsumable(pool.used))
  writeUsage(sheets, "Used by member", membersOf(pool))
  if (pool.payments.length > 0) writePayments(sheets, pool)
}

function heading(sheets: Sheets, title: string): void {
  sheets.need(110)
  sheets.y += sheets.text(title, MARGIN, INNER, { size: 13, weight: 600 }) + 4
}

function subheading(sheets: Sheets, title: string): void {
  sheets.need(80)
  sheets.y += sheets.text(title, MARGIN, INNER, { weight: 600 }) + 3
}

const right = (title: string, x: number, width: number): Column => ({
  title,
  x: MARGIN + x,
  width,
  align: "right",
})

function writeBalances(sheets: Sheets, pool: Pick<StatementPool, "credits" | "included">): void {
  const columns = [
    { title: "", x: MARGIN, width: 200 },
    right("Credits", 210, 130),
    right("Included credits", INNER - 130, 130),
  ]
  const rows = balanceLines(pool).map(({ label, isBalance, creditsNanos, includedNanos }) => ({
    cells: [
      label,
      ...[creditsNanos, includedNanos].map((nanos) => (isBalance || nanos !== 0n ? exactUsd(nanos) : "")),
    ],
    isStrong: isBalance,
  }))
  sheets.table(columns, rows)
  sheets.y += 16
}

function writeUsage(sheets: Sheets, title: string, groups: UsedGroup[]): void {
  if (groups.length === 0) return
  subheading(sheets, title)
  const columns = [
    { title: "", x: MARGIN, width: 112 },
    right("Records", 112, 42),
    right("Quantity", 156, 74),
    right("Covered by the plan", 232, 62),
    right("Included credits", 296, 98),
    right("Credits", INNER - 103, 103),
  ]
  const rows = groups.map(({ title: name, records, quantity, allowance, includedNanos, creditsNanos }) => ({
    cells: [
      ...[name, records.toLocaleString("en-US"), quantity ?? "", allowance ?? ""],
      ...[exactUsd(includedNanos), exactUsd(creditsNanos)],
    ],
  }))
  sheets.table(columns, rows)
  sheets.y += 16
}

function writePayments(sheets: Sheets, { payments }: StatementPool): void {
  subheading(sheets, "Payments and refunds")
  const columns = [
    { title: "", x: MARGIN, width: 75 },
    { title: "Date", x: MARGIN + 80, width: 70 },
    { title: "Invoice or payment", x: MARGIN + 155, width: 170 },
    right("Paid, with tax", 328, 75),
    right("Credits", INNER - 93, 93),
  ]
  const rows = payments.map(({ kind, occurredAt, amountNanos, paidNanos, invoiceNumber, paymentId }) => ({
    cells: [
      ...[paymentTitle(kind), formatUtcDay(occurredAt), invoiceNumber ?? paymentId ?? ""],
      ...[paidNanos === null ? "" : exactUsd(paidNanos), exactUsd(amountNanos)],
    ],
  }))
  sheets.table(columns, rows)
  sheets.y += 16
}

const NOTES = [
  "Amounts are in US dollars. Days are days of UTC, and an entry counts on the day on which it was written down.",
  "A statement never changes: a later correction, refund or dispute is in the statement of its own month.",
]

function writeNotes(sheets: Sheets, pageUrl: string): void {
  const notes = sheets.isWhole
    ? NOTES
    : [...NOTES, `* Some letters of this text can’t be printed here. Read it at ${pageUrl}`]
  sheets.need(notes.length * 14)
  for (const note of notes) sheets.y += sheets.text(note, MARGIN, INNER, { size: 8, color: MUTED }) + 1
}
