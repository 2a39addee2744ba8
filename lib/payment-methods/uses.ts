import type { Db } from "@/lib/db/client"
import { answerForReader } from "@/lib/stripe/outcome"
import { readSubscriptionPayments } from "@/lib/stripe/subscription-payments"
import type { PaymentMethodUse } from "./removal"

/**
 * Lists what charges the customer without their presence. Anything new of this kind must be added here, so that the
 * last payment method isn't taken from under it.
 */
export async function listPaymentMethodUses(
  db: Db,
  { teamId, customerId }: { teamId: string; customerId: string },
): Promise<PaymentMethodUse[]> {
  const payments = answerForReader(await readSubscriptionPayments(customerId))
  const uses: PaymentMethodUse[] = payments.kind === "found" && payments.hasLive ? ["subscription"] : []
  const enabled = await db.autoTopUpSettings.count({ where: { teamId, enabled: true } })
  return enabled > 0 ? [...uses, "auto_top_up"] : uses
}
