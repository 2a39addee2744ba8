import type { Db } from "@/lib/db/client"
import { UnavailableError } from "@/lib/errors"
import { createCustomer } from "@/lib/stripe/gateway"

/**
 * The team's customer at Stripe, made on first need. Asked twice at once it is still one customer: Stripe gives the same
 * answer to the same team, and the table holds one row a team.
 */
export async function requireStripeCustomer(
  ctx: { db: Db },
  team: { id: string; name: string; email: string },
): Promise<string> {
  const known = await ctx.db.stripeCustomer.findUnique({ where: { teamId: team.id } })
  if (known) return known.id
  const outcome = await createCustomer({ teamId: team.id, teamName: team.name, email: team.email })
  if (outcome.kind === "unavailable")
    throw new UnavailableError(
      "Stripe can’t be reached right now. Nothing was charged. Try again in a moment.",
    )
  await ctx.db.stripeCustomer.createMany({
    data: [{ id: outcome.customerId, teamId: team.id }],
    skipDuplicates: true,
  })
  const stored = await ctx.db.stripeCustomer.findUnique({ where: { teamId: team.id } })
  if (!stored) throw new Error("A Stripe customer vanished while it was written")
  return stored.id
}
