import { within } from "@/lib/within"
import { SESSION_COOKIE } from "../../testing/sessions"
import type { PaymentPlan } from "../plan"
import type { Order, Started } from "../world/driver"
import { ANSWER_MS, ask, pause, poolOf, type Run, teamOf } from "./ask"
import { resume } from "./manage"

const ATTEMPTS = 60
const AGAIN_MS = 150
const DECLINED = "pm_card_visa_chargeDeclined"
const AUTHENTICATES = "pm_card_authenticationRequired"

/** Opens the checkout of a payment, acts there and comes back as the plan says. */
export async function makePayment(run: Run, plan: PaymentPlan): Promise<void> {
  const started = await openCheckout(run, plan)
  if (!started) return
  const payment = await payOrNot(run, plan, started)
  await comeBack(run, plan, started)
  if (payment) await takeBack(run, plan, payment)
}

async function openCheckout(run: Run, plan: PaymentPlan): Promise<Started | null> {
  const team = teamOf(run, plan)
  let key = 0
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const order: Order = {
      do: "start",
      team,
      buyer: team[plan.buyer],
      poolId: poolOf(team, plan),
      cents: plan.cents,
      requestKey: run.dice.uuid("request", plan.n, key),
      address: `address ${plan.n}`,
    }
    const asked = plan.isAskedTwice ? [plan.n, plan.n + 1] : [plan.n + attempt]
    const heard = await Promise.all(asked.map((number) => ask(run, order, number)))
    const opened = heard.find((each) => "ok" in each)
    if (opened) return opened.ok as Started
    // A killed process answers nothing, so the same request is sent again. A checkout that Stripe refused has ended,
    // so a new one follows.
    if (heard.some((each) => "again" in each && each.again !== "killed")) key++
    run.tally.repeated++
    await pause(AGAIN_MS)
  }
  run.tally.broken.push(`Payment ${plan.n} could not be begun in ${ATTEMPTS} attempts`)
  return null
}

type Captured = { id: string; customer: string }

/** Returns the payment at Stripe if it was captured, at once or later. */
async function payOrNot(run: Run, plan: PaymentPlan, started: Started): Promise<Captured | null> {
  const { stripe } = run
  const { sessionId } = started
  const pay = async (method?: string, authenticate?: "complete" | "fail") => {
    const { outcome, session } = await stripe.pay(sessionId, { payment_method: method, authenticate })
    if (outcome.kind !== "succeeded") return null
    run.tally.paid++
    return { id: String(session.payment_intent), customer: String(session.customer) }
  }
  switch (plan.story) {
    case "pays":
      return pay()
    case "pays_after_a_decline":
      await pay(DECLINED)
      return pay()
    case "authenticates":
      return pay(AUTHENTICATES, "complete")
    case "fails_authentication":
      return pay(AUTHENTICATES, "fail")
    case "is_declined":
      return pay(DECLINED)
    case "leaves":
      return null
    case "cancels":
      await ask(run, { do: "cancel", ref: started.ref }, plan.n)
      return null
    case "cancels_while_paying": {
      // The first one wins: Stripe takes no payment for a checkout that has ended.
      const paying = pause(plan.bankMs % 40).then(() => pay().catch(() => null))
      await ask(run, { do: "cancel", ref: started.ref }, plan.n)
      return paying
    }
    case "processes_and_succeeds":
    case "processes_and_fails": {
      const succeeds = plan.story === "processes_and_succeeds"
      await stripe.nextPayment({ kind: "processing", metadata: { purchase_id: started.publicId } })
      await pay()
      await pause(plan.bankMs)
      const { id, customer } = await stripe.settle(sessionId, { outcome: succeeds ? "succeed" : "fail" })
      if (!succeeds) return null
      run.tally.paid++
      return { id, customer: String(customer) }
    }
  }
}

async function comeBack(run: Run, plan: PaymentPlan, { ref, sessionId }: Started): Promise<void> {
  const confirm = (number: number) => ask(run, { do: "confirm", ref }, number)
  if (plan.returns === "asks") await confirm(plan.n)
  if (plan.returns === "asks_twice") await Promise.all([confirm(plan.n), confirm(plan.n + 1)])
  if (plan.returns !== "return_page") return
  const team = teamOf(run, plan)
  const url = `${run.appUrl}/${team.slug}/settings/account/billing/return?session_id=${sessionId}`
  const cookie = `${SESSION_COOKIE}=${team[plan.buyer].session}`
  // The app may be dead at this moment. Nobody comes back then.
  const visit = fetch(url, { headers: { cookie }, redirect: "manual" }).then((answer) => answer.arrayBuffer())
  await within(ANSWER_MS, visit).catch(() => undefined)
}

/** Plays what happens at Stripe afterwards: refunds in the dashboard, and the bank taking money back. */
async function takeBack(run: Run, plan: PaymentPlan, payment: Captured): Promise<void> {
  if (plan.refunds.length === 0 && plan.dispute === null) return
  const { data } = await run.stripe.payments({ customer: payment.customer })
  const captured = data.find(({ id }) => id === payment.id)
  if (!captured) throw new Error(`Payment ${plan.n} was captured, but is not in Stripe's books`)
  for (const share of plan.refunds) {
    await run.stripe.refund(captured.charge, { amount: Math.floor(plan.cents * share) })
    run.tally.refunds++
  }
  if (plan.dispute === null) return
  const { id } = await run.stripe.dispute(captured.charge)
  run.tally.disputes++
  await pause(plan.bankMs)
  if (plan.dispute !== "open") await run.stripe.closeDispute(id, plan.dispute)
  if (plan.isForToppedUp) await resume(run, plan)
}
