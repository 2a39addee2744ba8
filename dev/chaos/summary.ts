import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import type { PaymentPlan } from "./plan"
import type { Options, Outcome } from "./run"

/** Returns the summary that a person reads at the end. */
export function summarise(plans: PaymentPlan[], options: Options, outcome: Outcome): string {
  const { tally, books, faults, beforeReconciling, seconds } = outcome
  const { renewals } = tally
  const acts = new Map<string, number>()
  for (const { kind } of tally.acts) acts.set(kind, (acts.get(kind) ?? 0) + 1)
  const { app, worker, driver, connections } = tally.killed
  const dealt = Object.entries(faults).toSorted(([a], [b]) => a.localeCompare(b))
  const stories = new Map<string, number>()
  for (const { story } of plans) stories.set(story, (stories.get(story) ?? 0) + 1)
  const usd = (cents: number) => formatUsd(BigInt(cents) * NANOS_PER_CENT)
  const sum = (pick: (cents: { cents: number; backCents: number }) => number) =>
    books.reduce((total, booked) => total + pick(booked), 0)
  const count = (kind: string) => beforeReconciling.filter((finding) => finding.kind === kind).length
  const rows: [string, string][] = [
    ["seed", options.seed],
    ["payments begun", `${plans.length}`],
    ...[...stories]
      .toSorted()
      .map(([story, n]): [string, string] => [`  ${story.replaceAll("_", " ")}`, `${n}`]),
    ["captured by Stripe", `${books.length}, ${usd(sum(({ cents }) => cents))}`],
    [
      "given back",
      `${tally.refunds} refunds and ${tally.disputes} disputes, ${usd(sum(({ backCents }) => backCents))}`,
    ],
    [
      "auto top-ups",
      Object.entries(outcome.topUps)
        .map(([status, n]) => `${n} ${status}`)
        .join(", "),
    ],
    ["taken back of them", `${tally.topUpRefunds} refunds and ${tally.topUpDisputes} disputes`],
    [
      "renewals",
      `${renewals.paid} paid, ${renewals.failed} failed, of which ${renewals.paidLater} were paid later and ${renewals.ended} ended`,
    ],
    [
      "plan invoices",
      `${outcome.invoices.length}, ${outcome.invoices.filter(({ isPaid }) => !isPaid).length} of them unpaid`,
    ],
    [
      "done to pools with auto top-up",
      [...acts].map(([kind, n]) => `${kind.replaceAll("_", " ")} ${n}`).join(", "),
    ],
    ["usage records", `${tally.usages} charged, ${tally.refusedUsages} refused for want of credits`],
    ["killed with SIGKILL", `app ${app}, worker ${worker}, driver ${driver}`],
    ["all database connections cut", `${connections}`],
    ["ended by themselves, and started again", `${outcome.endedByThemselves}`],
    ["requests that had to be repeated", `${tally.repeated}`],
    [
      "faulty API calls",
      `${dealt.reduce((total, [, n]) => total + n, 0)}: ${dealt.map(([kind, n]) => `${kind} ${n}`).join(", ")}`,
    ],
    ["events delivered", `${outcome.delivered}, each 1 to 5 times`],
    ["missing before reconciliation", `${count("missing")}`],
    ["took", `${seconds.chaos} s of chaos, ${seconds.quiet} s until quiet, ${seconds.all} s in all`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")
}
