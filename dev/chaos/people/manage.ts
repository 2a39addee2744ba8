import type { PaymentPlan } from "../plan"
import type { Act } from "../tally"
import type { TopUpOrder } from "../world/driver"
import { ask, pause, type Run, teamOf } from "./ask"

const ATTEMPTS = 20
const AGAIN_MS = 300

/** Does something on the Billing page about the pool with auto top-up, again until it is answered. */
export async function manage(
  run: Run,
  plan: PaymentPlan,
  what: Pick<TopUpOrder, "do" | "paymentMethodId">,
  kind: Act["kind"],
): Promise<void> {
  const team = teamOf(run, plan)
  if (!team.topUp) return
  const { poolId } = team.topUp
  const from = new Date()
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const heard = await ask(run, { ...what, team, actor: team.owner, poolId }, plan.n + attempt)
    if (!("again" in heard)) break
    run.tally.repeated++
    await pause(AGAIN_MS)
  }
  run.tally.acts.push({ teamId: team.id, poolId, kind, from, to: new Date() })
}

/** Turns auto top-up on again after a dispute, if the plan says so. */
export async function resume(run: Run, plan: PaymentPlan): Promise<void> {
  if (!plan.resumes) return
  await pause(plan.bankMs)
  await manage(run, plan, { do: "resume" }, "resume")
}
