import type { ControlClient } from "@/stand-in/control/client"
import { poolOf } from "../people/ask"
import type { PaymentPlan } from "../plan"
import type { ChaosTeam } from "../world/teams"

/** One captured payment in the stand-in's own books, and its owner according to the plan, found by its amount. */
export type Booked = {
  payment: string
  cents: number
  /** Given back: refunded, or taken by a dispute that isn't won. */
  backCents: number
  teamId: string
  poolId: string
  /** No checkout was opened for it: it was charged automatically. */
  isTopUp: boolean
}

export async function readBooks(
  stripe: ControlClient,
  plans: PaymentPlan[],
  teams: ChaosTeam[],
  /** The payments for plans, which bought no credits. */
  planPayments: Set<string>,
): Promise<{ books: Booked[]; strangers: string[] }> {
  const { data } = await stripe.payments()
  const byAmount = new Map(plans.map((plan) => [plan.cents, plan]))
  const books: Booked[] = []
  const strangers: string[] = []
  const toppedUp = new Map(teams.map((team) => [team.topUp?.cents, team]))
  for (const { id, amount_received: cents, refunded, disputed, currency } of data) {
    if (planPayments.has(id)) continue
    const plan = byAmount.get(cents)
    const team = plan ? teams[plan.team] : toppedUp.get(cents)
    const poolId = plan && team ? poolOf(team, plan) : team?.topUp?.poolId
    if (!team || !poolId || currency !== "usd")
      strangers.push(`${id} of ${cents} ${currency} is no payment of this run`)
    else
      books.push({
        payment: id,
        cents,
        backCents: refunded + disputed,
        teamId: team.id,
        poolId,
        isTopUp: !plan,
      })
  }
  return { books, strangers }
}
