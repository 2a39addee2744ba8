import type { Db } from "@/lib/db/client"
import { expect } from "./fixtures"

/**
 * Returns the id of a team's new Stripe customer once the worker has followed its `customer.created`, which asks Stripe for
 * the customer's cards: from then on, whoever counts requests counts the test's own.
 */
export async function awaitFollowedCustomer(db: Db, teamId: string): Promise<string> {
  const { id } = await db.stripeCustomer.findFirstOrThrow({ where: { teamId } })
  const followed = {
    customerId: id,
    objectId: id,
    status: { in: ["processed" as const, "ignored" as const] },
  }
  await expect.poll(() => db.stripeEvent.count({ where: followed })).toBe(1)
  return id
}
