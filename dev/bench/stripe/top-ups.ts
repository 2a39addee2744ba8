import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { enableTopUp } from "../../testing/auto-top-up"
import { startInEnvironment, testEnvironment } from "../../testing/environment"
import { credit, readPool } from "../../testing/ledger"
import { addCard } from "../../testing/payment-methods"
import { createTestTeam, type TestTeam } from "../../testing/teams"
import { quantile } from "../measuring/latencies"
import { interleave, load } from "../measuring/measure"
import type { Bench, Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { spend } from "../setup/teams"
import { oneTeam } from "../spends/spend-cases"
import { startStandIn, startWorkerProcess } from "./stripe-world"

const IN_FLIGHT = 256
const CROSSINGS = 20
const OFF = `one pool, ${IN_FLIGHT} in flight, auto top-up off`
const ON = `one pool, ${IN_FLIGHT} in flight, auto top-up on`

export const topUps: Section = {
  name: "top-ups",
  about:
    "what an enabled auto top-up costs spending, and how soon credits are there after the threshold is crossed",
  async run(bench) {
    const { server, say } = bench
    const url = await server.createDatabase("bench_top_ups")
    const standIn = await startStandIn()
    const env = { DATABASE_URL: url, STRIPE_API_BASE: standIn.url, STRIPE_JS_URL: `${standIn.url}/stripe.js` }
    startInEnvironment(env)
    try {
      await withConnections(url, async ({ db, metering }) => {
        const [off] = await oneTeam(db, metering)
        const [on, poolId] = await oneTeam(db, metering)
        await turnOn(db, on, poolId)
        const rounds = await interleave(
          [
            { name: OFF, measure: (ms) => load(IN_FLIGHT, ms, () => spend(metering, off)) },
            { name: ON, measure: (ms) => load(IN_FLIGHT, ms, () => spend(metering, on)) },
          ],
          bench.pace,
          say,
        )
        bench.report.say(OFF, rounds.of(OFF).perSecond, "/s")
        bench.report.compare(ON, rounds.of(ON).perSecond, "/s", {
          floor: rounds.of(OFF).perSecond,
          ratio: rounds.ratio(ON, OFF),
          target: { atLeast: 0.95 },
        })

        const worker = startWorkerProcess({
          ...testEnvironment({ ...env, LOG_LEVEL: "warn" }),
          NODE_ENV: "production",
        })
        try {
          await measureCrossings(bench, db, standIn.url, (team) => spendToThreshold(db, metering, team))
        } finally {
          await worker.stop()
        }
      })
    } finally {
      await standIn.stop()
    }
    await server.dropDatabase("bench_top_ups")
  },
}

async function measureCrossings(
  { report, say }: Bench,
  db: Db,
  url: string,
  cross: (team: TestTeam) => Promise<void>,
): Promise<void> {
  say(`crossing ${CROSSINGS} thresholds, one after the other`)
  const times: number[] = []
  // The first one isn't counted, because the worker is still starting then.
  for (let n = 0; n <= CROSSINGS; n++) {
    const team = await createTestTeam(db, { plan: "free" })
    await addCard({ db, stripe: { url } }, team)
    await credit(db, poolOf(team), 11n * NANOS_PER_USD)
    await enableTopUp({ db }, team)
    await cross(team)
    const beganAt = performance.now()
    while ((await readPool(db, poolOf(team))).creditsNanos < 50n * NANOS_PER_USD) {
      if (performance.now() - beganAt > 30_000) throw new Error("A pool was not topped up")
      await new Promise((resume) => setTimeout(resume, 5))
    }
    if (n > 0) times.push(performance.now() - beganAt)
  }
  report.say("from crossing the threshold to credited, slowest of 20", Math.max(...times) / 1_000, "s", {
    target: { atMost: 2 },
    note: `p50 ${(quantile(times, 0.5) / 1_000).toFixed(3)} s`,
  })
}

const poolOf = (team: TestTeam) => ({ teamId: team.id, poolId: team.owner.poolId })

// Spends the allowance first, then 1.20 of credits, so that the balance falls from $11.00 to below $10.00.
async function spendToThreshold(
  db: Db,
  metering: Parameters<typeof spend>[0],
  team: TestTeam,
): Promise<void> {
  await spend(metering, team.id, { quantity: 100n })
  while ((await readPool(db, poolOf(team))).creditsNanos > 10n * NANOS_PER_USD)
    await spend(metering, team.id, { quantity: 1_000n })
}

// Without Stripe, which isn't asked as long as the balance is high.
async function turnOn(db: Db, teamId: string, poolId: string): Promise<void> {
  const member = await db.member.findFirstOrThrow({ where: { teamId, role: "OWNER" } })
  const terms = { teamId, poolId, version: 1 }
  await db.$transaction([
    db.autoTopUpSettings.create({
      data: {
        ...terms,
        enabled: true,
        thresholdNanos: 10n * NANOS_PER_USD,
        amountNanos: 50n * NANOS_PER_USD,
        allowedByMemberId: member.id,
        updatedAt: new Date(),
      },
    }),
    db.autoTopUpChange.create({
      data: { ...terms, id: randomUUID(), memberId: member.id, after: {}, changedAt: new Date() },
    }),
  ])
}
