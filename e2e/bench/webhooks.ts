import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import Stripe from "stripe"
import type { Db } from "@/lib/db/client"
import type { RunningProcess } from "../processes"
import { testEnvironment } from "../testing/environment"
import { WEBHOOK_SECRET } from "../testing/secrets"
import { SESSION_COOKIE, startTestSession } from "../testing/sessions"
import type { Bench, Section } from "./bench"
import { startChild } from "./child"
import { withConnections } from "./connections"
import { cpuSecondsOf } from "./cpu"
import { type HttpServer, startNextServer } from "./http-servers"
import { load, type Measured, summarise } from "./measure"
import type { OpenLoopOrder, OpenLoopResult } from "./open-loop"
import {
  type Captured,
  capturePayments,
  createPayingTeams,
  startStandIn,
  startWorkerProcess,
} from "./stripe-world"

const RATE = 200
const SECONDS = 20
const QUEUED = 10_000
const TEAMS = 50
const EMPTY = "empty route"
const WEBHOOK = "webhook"
/** A page asked for again and again by so many people at once. */
const READERS = 2
const IDLE_MS = 10_000
const LOOK_MS = 200

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
        const next = await startNextServer(url, say, stripe)
        stops.push(next.stop)
        const env = {
          ...testEnvironment({ DATABASE_URL: url, LOG_LEVEL: "warn", ...stripe }),
          NODE_ENV: "production",
        }

        const teams = await createPayingTeams(db, standIn.url, TEAMS)
        const taken = ((quick ? 5 : SECONDS) * RATE) / 4
        const queued = (quick ? 1_000 : QUEUED) / 2
        say(`capturing ${taken + queued} payments`)
        const payments = await capturePayments(db, standIn, teams, taken + queued)

        const worker = startWorkerProcess(env)
        stops.push(() => worker.stop())
        await takeEvents(bench, next, payments.slice(0, taken))
        await untilWorkedOff(db)
        await worker.stop()

        await send(next.port, payments.slice(taken).flatMap(settlingEvents), 1_000)
        const [team] = teams
        if (!team) throw new Error("There is no team")
        const page = `http://127.0.0.1:${next.port}/${team.team.slug}/settings/account/billing`
        const cookie = `${SESSION_COOKIE}=${await startTestSession(db, team.team.owner.userId)}`
        await workOff(bench, db, { page, cookie, startWorker: () => startWorkerProcess(env) })
      })
    } finally {
      for (const stop of stops.toReversed()) await stop()
    }
    await server.dropDatabase("bench_webhooks")
  },
}

/** Half of them about checkouts and payments that the product acts on, a quarter each; the rest of what Stripe also says. */
function mixedEvents({ sessionId, paymentId, customerId }: Captured): Event[] {
  return [
    { type: "payment_intent.created", object: "payment_intent", id: paymentId, customer: customerId },
    ...settlingEvents({ sessionId, paymentId, customerId }),
    { type: "invoice.finalized", object: "invoice", id: `in_${paymentId.slice(3)}`, customer: customerId },
  ]
}

function settlingEvents({ sessionId, paymentId, customerId }: Captured): Event[] {
  return [
    { type: "payment_intent.succeeded", object: "payment_intent", id: paymentId, customer: customerId },
    { type: "checkout.session.completed", object: "checkout.session", id: sessionId, customer: customerId },
  ]
}

type Event = { type: string; object: string; id: string; customer: string }

function requestOf({ type, ...object }: Event): string {
  const body = JSON.stringify({
    id: `evt_${randomUUID().replaceAll("-", "")}`,
    object: "event",
    type,
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    // As long as Stripe's own, a few kilobytes.
    data: { object: { ...object, description: "x".repeat(2_000) } },
  })
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: WEBHOOK_SECRET })
  return `POST /api/webhooks/stripe HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nstripe-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const EMPTY_REQUEST = "POST /api/empty HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n"

async function send(
  port: number,
  events: Event[],
  perSecond: number,
  withEmpty = false,
): Promise<OpenLoopResult> {
  const sender = startChild("./open-loop.ts")
  try {
    const requests = events.flatMap((event, n) => [
      { kind: WEBHOOK, text: requestOf(event) },
      ...(withEmpty && n % 10 === 0 ? [{ kind: EMPTY, text: EMPTY_REQUEST }] : []),
    ])
    const order: OpenLoopOrder = { port, perSecond: withEmpty ? perSecond * 1.1 : perSecond, requests }
    const result = await sender.ask<OpenLoopResult>(order)
    const refused = Object.keys(result.statuses).filter((status) => Number(status) >= 300)
    if (refused.length > 0) throw new Error(`Webhooks were answered ${JSON.stringify(result.statuses)}`)
    return result
  } finally {
    await sender.stop()
  }
}

async function takeEvents(
  { report, say }: Bench,
  { port, pid = 0 }: HttpServer,
  payments: Captured[],
): Promise<void> {
  const events = payments.flatMap(mixedEvents)
  say(`sending ${events.length} events at ${RATE} a second, a worker beside it`)
  // The first requests of a process are slow by themselves.
  const warmUp = Math.floor(events.length / 10)
  await send(port, events.slice(0, warmUp), RATE, true)
  const before = cpuSecondsOf(pid)
  const { latencies, seconds } = await send(port, events.slice(warmUp), RATE, true)
  const perEventMs = ((cpuSecondsOf(pid) - before) / (events.length - warmUp)) * 1_000
  const measured = (kind: string) => summarise(latencies[kind] ?? [], seconds * 1_000)
  report.say(`${EMPTY}, in the same stream`, p95(latencies[EMPTY]), "ms", { note: note(measured(EMPTY)) })
  report.say("processor time of the app for each event", perEventMs, "ms")
  report.say(
    `${WEBHOOK} at ${RATE}/s: p95 from when it was due until it was answered`,
    p95(latencies[WEBHOOK]),
    "ms",
    {
      target: { atMost: 20 },
      note: note(measured(WEBHOOK)),
    },
  )
}

async function workOff(
  { server, report, say }: Bench,
  db: Db,
  { page, cookie, startWorker }: { page: string; cookie: string; startWorker: () => RunningProcess },
): Promise<void> {
  const read = async () => {
    const answer = await fetch(page, { headers: { cookie } })
    if (!answer.ok || !(await answer.text()).includes("Recent Transactions"))
      throw new Error(`The Billing page answered ${answer.status}`)
  }
  await load(READERS, 2_000, read)
  say("reading the Billing page while nothing else happens")
  const idle = await readFor(IDLE_MS, read)
  const before = await countUnfinished(db)
  say(`working off ${before} events, reading the Billing page`)
  const worker = startWorker()
  try {
    // A worker takes a second to begin, which is none of the drain.
    while ((await countUnfinished(db)) === before) await pause(20)
    const databasePid = Number(
      readFileSync(join(server.folder, "postgres/postmaster.pid"), "utf8").split("\n")[0],
    )
    const cpu = () => [cpuSecondsOf(worker.pid), cpuSecondsOf(databasePid)] as const
    const [workerBefore, databaseBefore] = cpu()
    const left = await countUnfinished(db)
    const beganAt = performance.now()
    const busy: number[] = []
    let isOver = false
    const reading = readUntil(() => isOver, read, busy)
    await untilWorkedOff(db)
    const seconds = (performance.now() - beganAt) / 1_000
    const [workerAfter, databaseAfter] = cpu()
    isOver = true
    await reading
    report.say(`${before.toLocaleString("en-US")} queued events worked off`, left / seconds, "/s", {
      target: { atLeast: 200 },
      note: `${seconds.toFixed(1)} s`,
    })
    report.say("processor time of the worker for each", ((workerAfter - workerBefore) / left) * 1_000, "ms")
    report.say(
      "processor time of PostgreSQL for each",
      ((databaseAfter - databaseBefore) / left) * 1_000,
      "ms",
      {
        note: "with what the pages ask",
      },
    )
    report.compare("Billing page beside it, p95", p95(busy), "ms", {
      floor: p95(idle),
      ratio: p95(busy) / p95(idle),
      note: `p50 ${quantile(busy, 0.5).toFixed(1)} ms, idle p50 ${quantile(idle, 0.5).toFixed(1)} ms, ${READERS} readers`,
    })
  } finally {
    await worker.stop()
  }
}

async function readFor(ms: number, read: () => Promise<void>): Promise<number[]> {
  const end = performance.now() + ms
  const times: number[] = []
  await readUntil(() => performance.now() > end, read, times)
  return times
}

async function readUntil(isOver: () => boolean, read: () => Promise<void>, times: number[]): Promise<void> {
  const one = async () => {
    while (!isOver()) {
      const beganAt = performance.now()
      await read()
      times.push(performance.now() - beganAt)
      // People read what they asked for: the pages must answer beside the drain, not compete with it.
      await pause(50)
    }
  }
  await Promise.all(Array.from({ length: READERS }, one))
}

const countUnfinished = (db: Db) =>
  db.stripeEvent.count({ where: { status: { in: ["received", "failed"] } } })

async function untilWorkedOff(db: Db): Promise<void> {
  while ((await countUnfinished(db)) > 0) await pause(LOOK_MS)
}

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

const p95 = (values: number[] = []) => quantile(values, 0.95)
const note = ({ p50Ms, p99Ms }: Measured) => `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
