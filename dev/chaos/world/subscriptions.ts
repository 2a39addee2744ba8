import { startSubscription } from "@/lib/billing/start-subscription"
import { syncSubscription } from "@/lib/billing/sync-subscription"
import type { Db } from "@/lib/db/client"
import { controlClient } from "@/stand-in/control/client"
import type { ChaosTeam } from "./teams"

const MEMBERS = 3
const VISA = "pm_card_visa"

/**
 * Two of five teams with a working card pay for a plan, so that allowances and included credits pay before money
 * does.
 */
export async function subscribeTeams(
  world: { db: Db; stripe: { url: string }; appUrl: string },
  teams: ChaosTeam[],
): Promise<void> {
  const { db, stripe, appUrl } = world
  const control = controlClient(stripe.url)
  for (const [n, team] of teams.entries()) {
    if (team.topUp?.card !== VISA || ![1, 2].includes(n % 5)) continue
    const actor = { ...team.owner, address: `address of ${team.id}` }
    const ctx = { db, now: new Date(), appUrl, team, actor }
    await startSubscription(ctx, { plan: n % 2 === 0 ? "build" : "business", quantity: MEMBERS })
    const { checkoutSessionId } = await db.subscriptionCheckout.findFirstOrThrow({
      where: { teamId: team.id, endedAt: null },
    })
    await control.pay(checkoutSessionId ?? "")
    await syncSubscription({ db, now: new Date() }, team.id)
    const { stripeId } = await db.subscription.findUniqueOrThrow({ where: { teamId: team.id } })
    team.subscription = stripeId
  }
}
