import { toPublicId } from "@/lib/ids"
import { toCents } from "@/lib/stripe/cents"
import { connectStripe } from "@/lib/stripe/client"
import type { Charge } from "@/prisma/seed-history"
import { startStripeStandIn } from "./stripe/server"

/**
 * Gives work a way to have paid at Stripe's stand-in what the sample teams are said to have bought, so that its books hold
 * it too. The stand-in isn't running yet: it is started for as long as that takes, on the data that it goes on with.
 */
export async function withCharges<T>(
  // The port too, because it stands in the addresses of the receipts.
  standInOptions: { port: number; dataDir: string },
  work: (charge: Charge) => Promise<T>,
): Promise<T> {
  const standIn = await startStripeStandIn(standInOptions)
  const stripe = connectStripe({ STRIPE_SECRET_KEY: "sk_test_standin", STRIPE_API_BASE: standIn.url })
  const customers = new Map<string, string>()
  const customerOf = async (team: { id: string; name: string }) => {
    const known = customers.get(team.id)
    if (known) return known
    const { id } = await stripe.customers.create({
      name: team.name,
      metadata: { team_id: toPublicId("team", team.id) },
    })
    customers.set(team.id, id)
    return id
  }
  try {
    return await work(async ({ team, purchaseId, amountNanos }) => {
      const customerId = await customerOf(team)
      const intent = await stripe.paymentIntents.create({
        amount: toCents(amountNanos),
        currency: "usd",
        customer: customerId,
        payment_method: "pm_card_visa",
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        metadata: { purchase_id: toPublicId("pur", purchaseId) },
        expand: ["latest_charge"],
      })
      const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null
      return { customerId, paymentIntentId: intent.id, receiptUrl: charge?.receipt_url ?? null }
    })
  } finally {
    await standIn.close()
  }
}
