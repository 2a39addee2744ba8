import type { FigureRow, StatementRow, StatementSection } from "@/components/statements/statement-types"
import { formatShortUtcDay } from "@/lib/format-time"
import { formatBalance, formatUsd } from "@/lib/money/usd"
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
} from "@/lib/statements/lines"
import { monthInWords, statementNumber } from "@/lib/statements/month"
import type { StatementSummary } from "@/lib/statements/queries"
import type { PaymentLine, Statement, StatementPool } from "@/lib/statements/statement"

export const statementsPath = (slug: string) => `/${slug}/settings/account/billing/statements`
export const filePath = (slug: string, month: string, kind: "pdf" | "csv") =>
  `/api/teams/${slug}/statements/${month}.${kind}`

export function toStatementRow(slug: string, statement: StatementSummary): StatementRow {
  const { month, credits } = statement
  const { moved } = credits
  return {
    month,
    name: monthInWords(month),
    number: statementNumber(statement),
    href: `${statementsPath(slug)}/${month}`,
    pdfHref: filePath(slug, month, "pdf"),
    opening: formatBalance(credits.openingNanos),
    added: formatUsd(moved.purchase + moved.auto_top_up + moved.promotion),
    used: formatUsd(-moved.consumption - moved.consumption_reversal),
    closing: formatBalance(credits.closingNanos),
  }
}

/** All pools together first, if there are several, then each. `left` says how many the page leaves out. */
export function toSections(statement: Statement): { sections: StatementSection[]; left: string | null } {
  const pools = shownPools(statement)
  const sections = pools.slice(0, MAX_POOLS).map((pool) => ({
    key: String(pool.poolNo),
    title: poolTitle(pool),
    balances: balanceRows(pool),
    byConsumable: usedByConsumable(pool.used).map(usedRow),
    byMember: membersOf(pool).map(usedRow),
    payments: pool.payments.map(paymentRow),
  }))
  if (pools.length < 2) return { sections, left: null }
  const sum = sumPools(pools)
  const all = {
    ...{ key: "all", title: "All pools", balances: balanceRows(sum), payments: [] },
    byConsumable: usedByConsumable(sum.used).map(usedRow),
    byMember: usedByMember(sum.used).map(usedRow),
  }
  return { sections: [all, ...sections], left: poolsLeftInWords(pools) }
}

function balanceRows(pool: Pick<StatementPool, "credits" | "included">): FigureRow[] {
  const lines = balanceLines(pool)
  const hasIncluded = lines.some(({ includedNanos }) => includedNanos !== 0n)
  return lines.map(({ label, isBalance, creditsNanos, includedNanos }) => ({
    ...{ key: label, label, isBalance, detail: null },
    credits: isBalance || creditsNanos !== 0n ? exactUsd(creditsNanos) : null,
    included: hasIncluded && (isBalance || includedNanos !== 0n) ? exactUsd(includedNanos) : null,
  }))
}

function usedRow(group: UsedGroup, index: number): FigureRow {
  const { title, records, quantity, allowance, includedNanos, creditsNanos } = group
  const count = `${records.toLocaleString("en-US")} ${records === 1n ? "record" : "records"}`
  const units = quantity && `${quantity} used`
  const covered = allowance && allowance !== "0" && `${allowance} covered by the plan`
  return {
    // Two people may have one name.
    key: `${index} ${title}`,
    label: title,
    detail: [count, units, covered].filter(Boolean).join(" · "),
    credits: exactUsd(creditsNanos),
    included: includedNanos === 0n ? null : exactUsd(includedNanos),
    isBalance: false,
  }
}

function paymentRow(line: PaymentLine): FigureRow {
  const { seq, kind, occurredAt, amountNanos, paidNanos, invoiceNumber, paymentId } = line
  const paid = paidNanos !== null && paidNanos !== amountNanos && `${exactUsd(paidNanos)} paid, with tax`
  return {
    key: String(seq),
    label: paymentTitle(kind),
    detail: [formatShortUtcDay(occurredAt), invoiceNumber ?? paymentId, paid].filter(Boolean).join(" · "),
    credits: exactUsd(amountNanos),
    included: null,
    isBalance: false,
  }
}
