import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import type { CapturedPayment } from "@/lib/stripe/payment-state"
import { insertParked } from "./store"

/**
 * Records captured money that no rule can credit, so that it stays in sight, and raises the alarm. The team is null if none is
 * known for it.
 */
export async function parkPayment(
  ctx: { db: Db },
  parked: { teamId: string | null; payment: CapturedPayment; reason: string },
): Promise<void> {
  const { teamId, payment, reason } = parked
  const { paymentIntentId, amountMinor, currency } = payment
  await ctx.db.$transaction((tx) =>
    insertParked(tx, { paymentIntentId, teamId, amountMinor, currency, reason }),
  )
  alarm("payment_parked", { payment: paymentIntentId, team: teamId, reason })
}
