import { fromDecimalString } from "@/lib/money/usd"
import { ANSWER_MS, pause, type Run, teamOf, within } from "./person"
import type { PaymentPlan } from "./plan"
import type { ChaosTeam } from "./teams"

const ATTEMPTS = 200
const AGAIN_MS = 200

/** What the plan says was used: from the Owner's pool, and from the one that is topped up by itself. */
export async function reportUsage(run: Run, plan: PaymentPlan): Promise<void> {
  const team = teamOf(run, plan)
  if (plan.usage !== null)
    await report(run, team, `usage-${plan.n}`, { consumable: "email", quantity: plan.usage })
  if (plan.toppedUpUsage !== null && team.topUp)
    await report(run, team, `topped-up-usage-${plan.n}`, {
      consumable: "voice",
      quantity: plan.toppedUpUsage,
      trigger: "user",
      user: team.topUp.email,
    })
}

type Usage = { consumable: string; quantity: number; trigger?: "user"; user?: string }

/** Reports usage as a customer's program does: the same key again until somebody answers. */
async function report(run: Run, team: ChaosTeam, key: string, usage: Usage): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const asked = fetch(`${run.appUrl}/api/v1/usage`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${team.apiKey}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify(usage),
    }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Receipt }))
    const answer = await within(ANSWER_MS, "The API", asked).catch(() => null)
    if (answer?.status === 200) {
      run.tally.usages++
      run.tally.draw(
        team.id,
        fromDecimalString(answer.body.drawn.credits) + fromDecimalString(answer.body.drawn.promotion),
      )
      return
    }
    if (answer?.status === 403) {
      run.tally.refusedUsages++
      return
    }
    if (answer && answer.status < 500 && answer.status !== 429)
      run.tally.broken.push(`${key} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    run.tally.repeated++
    await pause(AGAIN_MS)
  }
  run.tally.broken.push(`${key} was not answered in ${ATTEMPTS} attempts`)
}

type Receipt = { drawn: { credits: string; promotion: string } }
