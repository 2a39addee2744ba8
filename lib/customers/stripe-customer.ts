import { isDeepStrictEqual } from "node:util"
import type { Db, Tx } from "@/lib/db/client"
import { enqueueCustomerDetails } from "@/lib/queue/enqueue-customer-details"
import { saveCustomerDetails } from "@/lib/stripe/billing-details"
import { createCustomer } from "@/lib/stripe/gateway"
import { answerForReader } from "@/lib/stripe/outcome"
import { getWantedDetails } from "./billing-details"

type Team = { id: string; name: string; email: string }

/** Returns the team's customer at Stripe, and creates it on first need. Two who ask at once get the same one. */
export async function requireStripeCustomer(ctx: { db: Db }, team: Team): Promise<string> {
  const known = await findStripeCustomer(ctx.db, team.id)
  if (known) return known
  // Without the present one: somebody else may have written it since, and must get the same customer.
  const generation = await ctx.db.stripeCustomer.count({
    where: { teamId: team.id, replacedAt: { not: null } },
  })
  const created = await createCustomer({
    teamId: team.id,
    teamName: team.name,
    email: team.email,
    generation,
  })
  const outcome = answerForReader(created, "Nothing was charged.")
  // Before it is written down: what fails here is done again with the next need.
  const wanted = await getWantedDetails(ctx.db, team.id)
  const isWhole = "email" in wanted
  if (isWhole) answerForReader(await saveCustomerDetails(outcome.customerId, wanted), "Nothing was charged.")
  await ctx.db.stripeCustomer.createMany({
    data: [{ id: outcome.customerId, teamId: team.id }],
    skipDuplicates: true,
  })
  // Nobody has sent a change that was made before the customer was known.
  const sent = isWhole ? wanted : { name: team.name }
  if (!isDeepStrictEqual(sent, await getWantedDetails(ctx.db, team.id)))
    await ctx.db.$transaction((tx) => enqueueCustomerDetails(tx, team.id))
  const stored = await findStripeCustomer(ctx.db, team.id)
  if (!stored) throw new Error("A Stripe customer vanished while it was written")
  return stored
}

/**
 * Sets a customer aside that Stripe no longer knows: deleted in the dashboard, or of another account. Its row stays, so that
 * late events about it still find their team.
 */
export async function retireStripeCustomer(ctx: { db: Db; now: Date }, customerId: string): Promise<void> {
  await ctx.db.stripeCustomer.updateMany({
    where: { id: customerId, replacedAt: null },
    data: { replacedAt: ctx.now },
  })
}

/** Returns the team's customer at Stripe. Null while the team has needed none. */
export async function findStripeCustomer(db: Db | Tx, teamId: string): Promise<string | null> {
  const row = await db.stripeCustomer.findFirst({
    where: { teamId, replacedAt: null },
    select: { id: true },
  })
  return row?.id ?? null
}
