import { testEnvironment } from "../../testing/environment"
import { SESSION_COOKIE, startTestSession } from "../../testing/sessions"
import { cpuSecondsOf } from "../measuring/cpu"
import { note, p95 } from "../measuring/latencies"
import { summarise } from "../measuring/measure"
import type { Bench, Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import {
  type Captured,
  capturePayments,
  createPayingTeams,
  startApiProcess,
  startApp,
  startStandIn,
  startWorkerProcess,
} from "./stripe-world"
import { FORGED, mixedEvents, send, settlingEvents, WEBHOOK } from "./webhook-requests"
import { untilWorkedOff, workOff } from "./work-off"

const RATE = 200
const SECONDS = 20
const QUEUED = 10_000
const TEAMS = 50

export const webhooks: Section = {
  name: "webhooks",
  about: "events from Stripe: taken at 200 a second, and 10,000 of them worked off beside the pages",
  async run(bench) {
    const { server, quick, say } = bench
    const url = await server.createDatabase("bench_webhooks")
    const stops: (() => Promise<void>)[] = []
    try {
      await withConnections(url, async ({ db }) => {
        const standIn = await startStandIn()
        stops.push(standIn.stop)
        const stripe = { STRIPE_API_BASE: standIn.url, STRIPE_JS_URL: `${standIn.url}/stripe.js` }
        const env = {
          ...testEnvironment({ DATABASE_URL: url, LOG_LEVEL: "warn", ...stripe }),
          NODE_ENV: "production",
        }
        const app = await startApp(env, say)
        stops.push(app.stop)

        const teams = await createPayingTeams(db, standIn.url, TEAMS)
        const taken = ((quick ? 5 : SECONDS) * RATE) / 4
        const queued = (quick ? 1_000 : QUEUED) / 2
        say(`capturing ${taken + queued} payments`)
        const payments = await capturePayments(db, standIn, teams, taken + queued)

        const worker = startWorkerProcess(env)
        stops.push(() => worker.stop())
        const api = await startApiProcess(env)
        stops.push(api.stop)
        await takeEvents(bench, "npm run api", api, payments.slice(0, taken / 2))
        await untilWorkedOff(db)
        await takeEvents(bench, "in the app", app, payments.slice(taken / 2, taken))
        await untilWorkedOff(db)
        await worker.stop()

        await send(api.port, payments.slice(taken).flatMap(settlingEvents), RATE)
        const [team] = teams
        if (!team) throw new Error("There is no team")
        const page = `http://127.0.0.1:${app.port}/${team.team.slug}/settings/account/billing`
        const cookie = `${SESSION_COOKIE}=${await startTestSession(db, team.team.owner.userId)}`
        await workOff(bench, db, { page, cookie, startWorker: () => startWorkerProcess(env) })
      })
    } finally {
      for (const stop of stops.toReversed()) await stop()
    }
    await server.dropDatabase("bench_webhooks")
  },
}

async function takeEvents(
  { report, say }: Bench,
  where: "npm run api" | "in the app",
  { port, pid }: { port: number; pid: number },
  payments: Captured[],
): Promise<void> {
  const events = payments.flatMap(mixedEvents)
  say(`sending ${events.length} events at ${RATE} a second, a worker beside it: ${where}`)
  // A process's first requests are slow by themselves.
  const warmUp = Math.floor(events.length / 10)
  await send(port, events.slice(0, warmUp), RATE, true)
  const before = cpuSecondsOf(pid)
  const { latencies, seconds } = await send(port, events.slice(warmUp), RATE, true)
  const perEventMs = ((cpuSecondsOf(pid) - before) / (events.length - warmUp)) * 1_000
  const measured = (kind: string) => summarise(latencies[kind] ?? [], seconds * 1_000)
  report.say(`${where}: ${FORGED}, in the same stream`, p95(latencies[FORGED]), "ms", {
    note: note(measured(FORGED)),
  })
  report.say(`${where}: processor time for each event`, perEventMs, "ms")
  const name = `${where}: ${WEBHOOK} at ${RATE}/s, p95 from when it was due until it was answered`
  report.say(name, p95(latencies[WEBHOOK]), "ms", {
    // An installation with this many runs the API separately.
    ...(where === "npm run api" ? { target: { atMost: 20 } } : {}),
    note: note(measured(WEBHOOK)),
  })
}
