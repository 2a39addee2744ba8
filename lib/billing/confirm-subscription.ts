import type { Db } from "@/lib/db/client"
import { UnavailableError } from "@/lib/errors"
import { log } from "@/lib/log"
import { syncInvoices } from "./record-invoice"
import type { SubscriptionProgress } from "./schema"
import { isLive } from "./subscription-status"
import { syncSubscription } from "./sync-subscription"

type Ctx = { db: Db; now: Date }

/** Returns the outcome of the checkout that a person has just completed. The pools have what was paid for by then. */
export async function confirmSubscription(ctx: Ctx, teamId: string): Promise<SubscriptionProgress> {
  await syncSubscription(ctx, teamId)
  const copy = await ctx.db.subscription.findUnique({ where: { teamId } })
  if (!copy || !isLive(copy.status)) return { status: "processing" }
  // The page shows what the plan's payment bought, and shouldn't wait for the invoice's own event.
  await syncInvoices(ctx, teamId)
  return { status: "subscribed", plan: copy.plan }
}

/**
 * Reads again what a person may have changed on Stripe's pages: subscription and invoices. False if Stripe couldn't
 * be asked; its events bring it later.
 */
export async function syncBilling(ctx: Ctx, teamId: string): Promise<boolean> {
  try {
    await Promise.all([syncSubscription(ctx, teamId), syncInvoices(ctx, teamId)])
    return true
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    log().warn({ team: teamId }, "Billing couldn't be read from Stripe")
    return false
  }
}
