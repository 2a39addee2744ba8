import { stripeAt } from "@/stand-in/testing"
import type { PaymentPlan } from "../plan"
import type { ChaosTeam } from "../world/teams"
import { pause, type Run } from "./ask"

const GOOD_CARD = "pm_card_visa"
const ATTEMPTS = 40
const AGAIN_MS = 200

/** A subscription's renewals come one after the other, because the next is only due when the last is over. */
const turns = new Map<string, Promise<void>>()

/**
 * Ends the present period of the team's subscription at Stripe. The bank pays or refuses. After a refusal the invoice
 * is paid, or everything ends.
 */
export function renew(run: Run, plan: PaymentPlan, team: ChaosTeam): Promise<void> {
  const { subscription } = team
  if (!subscription) return Promise.resolve()
  const turn = (turns.get(subscription) ?? Promise.resolve()).then(() => renewNow(run, plan, subscription))
  turns.set(subscription, turn)
  return turn
}

async function renewNow(run: Run, plan: PaymentPlan, subscription: string): Promise<void> {
  const { tally } = run
  const outcome = plan.aside === "renews" ? "succeed" : "fail"
  // Null: it has ended. An unpaid one renews like any other.
  const renewed = await run.stripe.renewSubscription(subscription, { outcome }).catch(() => null)
  if (!renewed) return
  if (outcome === "succeed") {
    tally.renewals.paid++
    return
  }
  tally.renewals.failed++
  await pause(plan.bankMs)
  if (plan.aside === "fails_to_renew_and_pays") await pay(run, renewed.invoice.id)
  // One in three ends unpaid. The others stay past due.
  else if (plan.n % 3 === 0) {
    await run.stripe.cancelSubscription(subscription)
    tally.renewals.ended++
  }
}

/** Pays as a person who opens the invoice and uses another card. */
async function pay(run: Run, invoice: string): Promise<void> {
  const stripe = stripeAt(run.stripeUrl)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await stripe.invoices.pay(invoice, { payment_method: GOOD_CARD }).catch(() => null)
    const now = await stripe.invoices.retrieve(invoice).catch(() => null)
    if (now?.status === "paid") {
      run.tally.renewals.paidLater++
      return
    }
    await pause(AGAIN_MS)
  }
  run.tally.broken.push(`Invoice ${invoice} could not be paid`)
}
