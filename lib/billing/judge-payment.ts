import type { Tx } from "@/lib/db/client"
import type { Withheld } from "@/lib/db/generated/enums"
import type { FoundInvoice } from "@/lib/stripe/invoices"
import type { PeriodPayment } from "@/lib/stripe/subscription-invoices"
import type { FoundSubscription } from "@/lib/stripe/subscriptions"
import { UNCONFIRMED_MS } from "./terms-at"

type Judged = {
  /** Why the period gives nothing. Null when it gives what the plan gives. */
  withheld: Withheld | null
  isRaisePaid: boolean
  isRaiseDisputed: boolean
  openInvoice: FoundInvoice | null
}

/**
 * Decides what the payments for a subscription's present period allow. A late payment is waited for, a failed one
 * isn't, and a disputed one counts once the dispute is won.
 */
export async function judgePayment(
  tx: Tx,
  teamId: string,
  { subscription, payment }: { subscription: FoundSubscription; payment: PeriodPayment | null },
  now: Date,
): Promise<Judged> {
  if (!payment) return { withheld: null, isRaisePaid: true, isRaiseDisputed: false, openInvoice: null }
  const { periodInvoices, changeInvoices, openInvoice } = payment
  const disputed = await listDisputed(tx, teamId, [...periodInvoices, ...changeInvoices])
  const isDisputed = (invoices: string[]) => invoices.some((id) => disputed.has(id))
  const isRaiseDisputed = isDisputed(changeInvoices)
  return {
    withheld: isUnpaid(payment, subscription, now)
      ? "unpaid"
      : isDisputed(periodInvoices)
        ? "disputed"
        : null,
    isRaisePaid: payment.isChangePaid && !isRaiseDisputed,
    isRaiseDisputed,
    openInvoice,
  }
}

function isUnpaid({ state }: PeriodPayment, { periodStartsAt }: FoundSubscription, now: Date): boolean {
  if (state !== "draft") return state === "failed"
  return now.getTime() - periodStartsAt.getTime() >= UNCONFIRMED_MS
}

async function listDisputed(tx: Tx, teamId: string, invoices: string[]): Promise<Set<string | null>> {
  const disputes = await tx.dispute.findMany({
    where: { teamId, invoiceId: { in: invoices }, status: { in: ["open", "lost"] } },
    select: { invoiceId: true },
  })
  return new Set(disputes.map(({ invoiceId }) => invoiceId))
}
