import { within } from "@/lib/within"
import type { ControlClient } from "@/stand-in/control/client"
import type { Dice } from "@/stand-in/faults/dice"
import type { PaymentPlan } from "../plan"
import type { Tally } from "../tally"
import type { Order } from "../world/driver"
import type { Drivers, Heard } from "../world/drivers"
import type { ChaosTeam } from "../world/teams"

export type Run = {
  dice: Dice
  teams: ChaosTeam[]
  drivers: Drivers
  stripe: ControlClient
  /** The stand-in's API, which may go wrong, unlike its controls. */
  stripeUrl: string
  appUrl: string
  tally: Tally
}

export const ANSWER_MS = 30_000
/** A driver may wait for Stripe twice, ten seconds and two tries each time. */
const DRIVER_MS = 90_000

export const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))

export function teamOf({ teams }: Pick<Run, "teams">, plan: PaymentPlan): ChaosTeam {
  const team = teams[plan.team]
  if (!team) throw new Error(`There is no team ${plan.team}`)
  return team
}

/** Returns the pool that a payment is for. */
export function poolOf(team: ChaosTeam, plan: PaymentPlan): string {
  return plan.isForToppedUp && team.topUp ? team.topUp.poolId : team[plan.buyer].poolId
}

export async function ask(run: Run, order: Order, number: number): Promise<Heard> {
  const asked = run.drivers.ask(order, number)
  const heard = await within(DRIVER_MS, asked).catch((error: unknown): Heard => ({ broken: String(error) }))
  if ("broken" in heard) run.tally.broken.push(`${order.do}: ${heard.broken}`)
  return heard
}
