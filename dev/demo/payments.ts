import { toPublicId } from "@/lib/ids"
import { toCents } from "@/lib/stripe/cents"
import { connectStripe } from "@/lib/stripe/client"
import { toPaymentMethod } from "@/lib/stripe/payment-methods"
import type { PayingTeam, Payments } from "@/prisma/seed-payments"
import { startStripeStandIn } from "@/stand-in/server"

/**
 * Lets the sample teams' purchases really be paid at Stripe's stand-in, so that its books hold them too: each team
 * has a customer and a card on file. The stand-in isn't running yet, so it is started just for that, on the data that
 * it keeps.
 */
export async function withPayments<T>(
  // The same port, because receipts' addresses contain it.
  standInOptions: { port: number; dataDir: string },
  work: (payments: Payments) => Promise<T>,
): Promise<T> {
  const standIn = await startStripeStandIn(standInOptions)
  const stripe = connectStripe({ STRIPE_SECRET_KEY: "sk_test_standin", STRIPE_API_BASE: standIn.url })
  const payers = new Map<string, { customerId: string; cardId: string }>()

  async function addCustomer({ id, name, email }: PayingTeam) {
    const { id: customerId } = await stripe.customers.create({
      name,
      email,
      metadata: { team_id: toPublicId("team", id) },
    })
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customerId })
    await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: card.id } })
    payers.set(id, { customerId, cardId: card.id })
    return { customerId, card: toPaymentMethod(card) }
  }

  try {
    return await work({
      addCustomer,
      async pay({ team, purchaseId, amountNanos }) {
        const payer = payers.get(team.id)
        if (!payer) throw new Error(`${team.name} has no customer`)
        const intent = await stripe.paymentIntents.create({
          amount: toCents(amountNanos),
          currency: "usd",
          customer: payer.customerId,
          payment_method: payer.cardId,
          confirm: true,
          automatic_payment_methods: { enabled: true, allow_redirects: "never" },
          metadata: { purchase_id: toPublicId("pur", purchaseId) },
          expand: ["latest_charge"],
        })
        const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null
        return { paymentIntentId: intent.id, receiptUrl: charge?.receipt_url ?? null }
      },
    })
  } finally {
    await standIn.close()
  }
}
