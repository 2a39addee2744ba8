import { isDeepStrictEqual } from "node:util"
import type { Db } from "@/lib/db/client"
import { ConflictError } from "@/lib/errors"
import { renameCustomer, saveCustomerDetails } from "@/lib/stripe/billing-details"
import { requireAnswer } from "@/lib/stripe/outcome"
import { getWantedDetails } from "./billing-details"
import { findStripeCustomer, retireStripeCustomer } from "./stripe-customer"

/** More changes than people make while one is sent. */
const MAX_TIMES = 5

/**
 * Sends the team's name and billing details to its customer at Stripe, and again until they are what our rows say after
 * that. So the change that was committed last stands at Stripe too, whichever of several jobs at once ends last. Without a
 * customer nothing is sent: the first need of one sends them.
 */
export async function sendCustomerDetails(ctx: { db: Db; now: Date }, teamId: string): Promise<void> {
  const { db } = ctx
  for (let times = 0; times < MAX_TIMES; times++) {
    const customerId = await findStripeCustomer(db, teamId)
    if (customerId === null) return
    const wanted = await getWantedDetails(db, teamId)
    const outcome = requireAnswer(
      "email" in wanted
        ? await saveCustomerDetails(customerId, wanted)
        : await renameCustomer(customerId, wanted.name),
    )
    if (outcome.kind === "customer_missing") return retireStripeCustomer(ctx, customerId)
    if (outcome.kind === "tax_id_refused") throw new Error("Stripe refuses a tax ID that it took before")
    if (isDeepStrictEqual(wanted, await getWantedDetails(db, teamId))) return
  }
  throw new ConflictError("The details changed faster than they could be sent.")
}
