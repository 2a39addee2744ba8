import { fromDecimalString } from "@/lib/money/usd"
import { within } from "@/lib/within"
import type { PaymentPlan } from "../plan"
import type { Act } from "../tally"
import type { ChaosTeam, ToppedUpTeam } from "../world/teams"
import { ANSWER_MS, pause, type Run, teamOf } from "./ask"

const ATTEMPTS = 200
const AGAIN_MS = 200
/** More than any pool has, and than one top-up adds. */
const FAR_TOO_MUCH = 900_000

/** Reports the plan's usage, from the Owner's pool and from the one with auto top-up. */
export async function reportUsage(run: Run, plan: PaymentPlan): Promise<void> {
  const team = teamOf(run, plan)
  if (plan.usage !== null)
    await report(run, team, `usage-${plan.n}`, { consumable: "email", quantity: plan.usage })
  if (plan.toppedUpUsage !== null && isToppedUp(team))
    await noting(run, team, "usage", () =>
      report(run, team, `topped-up-usage-${plan.n}`, voiceOf(team, plan.toppedUpUsage ?? 0)),
    )
}

const isToppedUp = (team: ChaosTeam): team is ToppedUpTeam => team.topUp !== null

const voiceOf = ({ topUp }: ToppedUpTeam, minutes: number): Usage => ({
  consumable: "voice",
  quantity: minutes,
  trigger: "user",
  user: topUp.email,
})

/** Requests, as if by mistake, more than any top-up would pay. */
export async function askForFarTooMuch(run: Run, plan: PaymentPlan, team: ToppedUpTeam): Promise<void> {
  await noting(run, team, "far_too_much", async () => {
    const receipt = await report(run, team, `far-too-much-${plan.n}`, voiceOf(team, FAR_TOO_MUCH))
    if (receipt) run.tally.broken.push(`${FAR_TOO_MUCH} minutes of ${team.slug} were paid for`)
    return "no reason to charge"
  })
}

/** Sets credits aside in the pool with auto top-up, and charges a part of them a little later, or none. */
export async function holdCredits(
  run: Run,
  plan: PaymentPlan,
  team: ToppedUpTeam,
  end: "capture" | "release",
): Promise<void> {
  const minutes = plan.bankMs * 40
  await noting(run, team, "hold", async () => {
    const opened = await call<{ hold: { id: string } }>(run, team, {
      path: "holds",
      key: `hold-${plan.n}`,
      body: voiceOf(team, minutes),
    })
    if (!opened) return null
    await pause(plan.bankMs)
    const path = `holds/${opened.hold.id}/${end}`
    const body = end === "capture" ? { quantity: Math.ceil(minutes / 2) } : undefined
    const settled = await call<{ receipt?: Receipt }>(run, team, { path, body })
    if (settled?.receipt) draw(run, team, settled.receipt)
    return settled
  })
}

/**
 * Notes when it was requested and answered. Null means refused. A request whose answer got lost and that was paid for
 * when repeated may have been refused at first, as the product saw.
 */
async function noting(
  { tally }: Run,
  { id: teamId, topUp: { poolId } }: ToppedUpTeam,
  kind: Act["kind"],
  act: () => Promise<unknown>,
): Promise<void> {
  const from = new Date()
  const lost = tally.lostAnswers.get(teamId)
  const isDone = (await act()) !== null
  const noted = { teamId, poolId, from, to: new Date() }
  tally.acts.push({ ...noted, kind: isDone ? kind : "refusal" })
  if (isDone && kind !== "far_too_much" && tally.lostAnswers.get(teamId) !== lost)
    tally.acts.push({ ...noted, kind: "refusal" })
}

type Usage = { consumable: string; quantity: number; trigger?: "user"; user?: string }

/** Reports usage as a customer's program does. Null when refused for want of credits. */
async function report(run: Run, team: ChaosTeam, key: string, usage: Usage): Promise<Receipt | null> {
  const receipt = await call<Receipt>(run, team, { path: "usage", key, body: usage })
  if (receipt) draw(run, team, receipt)
  return receipt
}

function draw({ tally }: Run, team: ChaosTeam, { drawn }: Receipt): void {
  tally.usages++
  tally.draw(team.id, fromDecimalString(drawn.credits) + fromDecimalString(drawn.promotion))
}

type ApiCall = { path: string; key?: string; body?: object }

/** Repeats a call to the API until it is answered. Null when refused for want of credits. */
async function call<Answer>(run: Run, team: ChaosTeam, asked: ApiCall): Promise<Answer | null> {
  const { path, key, body } = asked
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answered = fetch(`${run.appUrl}/api/v1/${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${team.apiKey}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...(key ? { "idempotency-key": key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Answer }))
    const answer = await within(ANSWER_MS, answered).catch(() => null)
    if (answer && answer.status < 300) return answer.body
    if (answer?.status === 403) {
      run.tally.refusedUsages++
      return null
    }
    if (answer && answer.status < 500 && answer.status !== 429)
      run.tally.broken.push(`${path} (${key}) was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    if (!answer) run.tally.lostAnswers.set(team.id, (run.tally.lostAnswers.get(team.id) ?? 0) + 1)
    run.tally.repeated++
    await pause(AGAIN_MS)
  }
  run.tally.broken.push(`${path} (${key}) was not answered in ${ATTEMPTS} attempts`)
  return null
}

type Receipt = { drawn: { credits: string; promotion: string } }
