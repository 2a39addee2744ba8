import { toPublicId } from "@/lib/ids"
import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import type { Report } from "@/lib/reconciliation/queries"
import type { Reconciliation } from "@/lib/reconciliation/reconcile"

type Ended = Exclude<Reconciliation, { status: "busy" }>

export function toJson(outcome: Ended, report: Report): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)
  return JSON.stringify({ ...outcome, ...report }, plain, 2)
}

/** Returns the command's output: the figures, then everything that a person has to look at. */
export function toText(outcome: Ended, { differences, parked, failedEvents }: Report): string {
  const lines =
    outcome.status === "failed" ? [`The run couldn’t finish: ${outcome.reason}`] : figureLines(outcome)
  const section = (title: string, rows: string[][]) => {
    if (rows.length > 0) lines.push("", title, ...table(rows))
  }
  section(
    "Differences",
    differences.map(({ team, kind, objectId, purchaseId, stripeMinor, currency, ledgerNanos }) => [
      team,
      kind,
      objectId,
      purchaseId ? toPublicId("pur", purchaseId) : "",
      `Stripe ${stripeMinor === null ? "nothing" : minorText(stripeMinor, currency)}`,
      `ledger ${ledgerNanos === null ? "nothing" : formatUsd(ledgerNanos)}`,
    ]),
  )
  section(
    "Captured and not credited, kept for a person to decide",
    parked.map(({ paymentIntentId, amountMinor, currency, reason }) => [
      paymentIntentId,
      minorText(amountMinor, currency),
      reason,
    ]),
  )
  section(
    "Events that couldn’t be processed",
    failedEvents.map(({ id, type, objectId, attempts, lastError }) => [
      id,
      type,
      objectId,
      `${attempts} times`,
      lastError ?? "",
    ]),
  )
  return lines.join("\n")
}

function figureLines({ figures, events }: Extract<Ended, { status: "finished" }>): string[] {
  return table([
    ["Counted", String(figures.counted), "payments at Stripe"],
    ["Matched", String(figures.matched), "were in the ledger, with the same amount"],
    ["Repaired", String(figures.repaired), "were missing and are credited now"],
    ["Differences", String(figures.differences), "need a person"],
    ["Events", String(events.received + events.retried), "missed or failed ones are being processed again"],
  ])
}

function minorText(minor: bigint, currency: string | null): string {
  return currency === "usd"
    ? formatUsd(minor * NANOS_PER_CENT)
    : `${minor} ${(currency ?? "").toUpperCase()} (smallest unit)`
}

function table(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  )
}
