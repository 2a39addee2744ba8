import { stripeAt } from "@/stand-in/testing"
import type { PaymentPlan } from "../plan"
import type { ChaosTeam, ToppedUpTeam } from "../world/teams"
import { pause, type Run, teamOf } from "./ask"
import { manage, resume } from "./manage"
import { renew } from "./renewals"
import { askForFarTooMuch, holdCredits } from "./usage"

const ANOTHER_CARD = "pm_card_mastercard"
const ATTEMPTS = 40
const AGAIN_MS = 200

/** Plays a team's other events, apart from its purchases, if it has the pool or the subscription that they need. */
export async function suffer(run: Run, plan: PaymentPlan): Promise<void> {
  const team = teamOf(run, plan)
  switch (plan.aside) {
    case null:
      return
    case "renews":
    case "fails_to_renew_and_pays":
    case "fails_to_renew":
      return renew(run, plan, team)
    default:
      if (isToppedUp(team)) await sufferInPool(run, plan, team)
  }
}

const isToppedUp = (team: ChaosTeam): team is ToppedUpTeam => team.topUp !== null

async function sufferInPool(run: Run, plan: PaymentPlan, team: ToppedUpTeam): Promise<void> {
  switch (plan.aside) {
    case "holds_and_captures":
      return holdCredits(run, plan, team, "capture")
    case "holds_and_releases":
      return holdCredits(run, plan, team, "release")
    case "asks_for_far_too_much":
      return askForFarTooMuch(run, plan, team)
    case "saves_again":
      return manage(run, plan, { do: "save" }, "save")
    case "adds_a_card":
      return addCard(run, plan, team)
    case "top_up_is_refunded":
      return refundTopUp(run, team, 1)
    case "top_up_is_partly_refunded":
      return refundTopUp(run, team, 0.3)
    case "top_up_is_disputed_and_won":
      return disputeTopUp(run, plan, team, "won")
    case "top_up_is_disputed_and_lost":
      return disputeTopUp(run, plan, team, "lost")
  }
}

/** Adds a card, which pays for everything from now on. */
async function addCard(run: Run, plan: PaymentPlan, team: ToppedUpTeam): Promise<void> {
  const { customer } = team.topUp
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const attached = await stripeAt(run.stripeUrl)
      .paymentMethods.attach(ANOTHER_CARD, { customer })
      .catch(() => null)
    if (attached) return manage(run, plan, { do: "use card", paymentMethodId: attached.id }, "card")
    await pause(AGAIN_MS)
  }
  run.tally.broken.push(`A card could not be added to ${team.slug}`)
}

/** Finds the team's newest top-up in Stripe's books that nobody has taken back yet. */
async function findTopUp(run: Run, { topUp: { cents, customer } }: ToppedUpTeam) {
  const { data } = await run.stripe.payments({ customer })
  return data.findLast((each) => each.amount_received === cents && each.refunded === 0 && each.disputed === 0)
}

async function refundTopUp(run: Run, team: ToppedUpTeam, share: number): Promise<void> {
  const topUp = await findTopUp(run, team)
  if (!topUp) return
  // Stripe refuses if somebody else has disputed it meanwhile.
  const refunded = await run.stripe
    .refund(topUp.charge, { amount: Math.floor(topUp.amount_received * share) })
    .catch(() => null)
  if (refunded) run.tally.topUpRefunds++
}

async function disputeTopUp(
  run: Run,
  plan: PaymentPlan,
  team: ToppedUpTeam,
  end: "won" | "lost",
): Promise<void> {
  const topUp = await findTopUp(run, team)
  const dispute = topUp && (await run.stripe.dispute(topUp.charge).catch(() => null))
  if (!dispute) return
  run.tally.topUpDisputes++
  await pause(plan.bankMs)
  await run.stripe.closeDispute(dispute.id, end)
  await resume(run, plan)
}
