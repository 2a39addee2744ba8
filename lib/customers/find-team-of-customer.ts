import type { Db } from "@/lib/db/client"

/**
 * Returns the id of the team to which a customer at Stripe belongs, or null. Only our own record decides that: whatever an
 * object of Stripe's says about itself can be edited there.
 */
export async function findTeamOfCustomer(db: Db, customerId: string | null): Promise<string | null> {
  if (customerId === null) return null
  const customer = await db.stripeCustomer.findUnique({
    where: { id: customerId },
    select: { teamId: true },
  })
  return customer?.teamId ?? null
}
