import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"
import type { Db } from "@/lib/db/client"
import { connectDb } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { raise } from "@/lib/notifications/raise"
import { savePreference } from "@/lib/notifications/save-preferences"
import { startInEnvironment, testEnvironment } from "../../testing/environment"
import { createTestTeam, type TestTeam } from "../../testing/teams"
import { addEndpoint } from "../../testing/webhook-endpoints"
import { quantile } from "../measuring/latencies"
import type { Section } from "../setup/bench"
import { startWorkerProcess } from "./stripe-world"

const TEAMS = 10
const ENDPOINTS_EACH = 10
const EVENTS_EACH = 100
const DELIVERIES = TEAMS * ENDPOINTS_EACH * EVENTS_EACH
const ONE_ENDPOINT = EVENTS_EACH
/** In the middle of the worker's work, and not while it starts. */
const KILL_EVERY = DELIVERIES / 50
const LONGEST_MS = 600_000

type Heard = { at: number; ids: Set<string>; wrong: number; times: number }

/**
 * Starts a hundred receivers at one port. They note what came to each, whether its signature was right, and when the
 * last new one came.
 */
async function startReceivers() {
  const secrets = new Map<string, string>()
  const heard = new Map<string, Heard>()
  const hanging = new Set<string>()
  const server = createServer((request, response) => {
    const path = request.url ?? ""
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      if (hanging.has(path)) return
      const one = heard.get(path) ?? { at: 0, ids: new Set<string>(), wrong: 0, times: 0 }
      heard.set(path, one)
      one.times++
      try {
        const headers = request.headers as Record<string, string>
        new Webhook(secrets.get(path) ?? "").verify(Buffer.concat(chunks).toString(), headers)
        const id = headers["webhook-id"] ?? ""
        if (!one.ids.has(id)) one.at = performance.now()
        one.ids.add(id)
      } catch {
        one.wrong++
      }
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { secrets, heard, hanging, base: `http://127.0.0.1:${port}`, stop: () => server.close() }
}

export const deliveries: Section = {
  name: "deliveries",
  about: `${DELIVERIES.toLocaleString("en-US")} webhooks to ${TEAMS * ENDPOINTS_EACH} endpoints: all answer, one hangs, and the worker is killed again and again`,
  async run({ server, report, say }) {
    const url = await server.createDatabase("bench_deliveries")
    const env = testEnvironment({ DATABASE_URL: url, WEBHOOK_LOOPBACK: "1", LOG_LEVEL: "warn" })
    startInEnvironment(env)
    const db = connectDb(url, 10)
    const receivers = await startReceivers()
    try {
      const teams: TestTeam[] = []
      for (let n = 0; n < TEAMS; n++) teams.push(await addTeam(db, receivers, n))
      const start = () => startWorkerProcess({ ...env, NODE_ENV: "production" })
      const [slow = ""] = receivers.secrets.keys()
      const paths = [...receivers.secrets.keys()]
      const others = paths.filter((path) => path !== slow)

      say("all answer")
      const alone = await drain(db, teams, receivers, paths, start)
      say("one hangs")
      receivers.hanging.add(slow)
      const beside = await drain(db, teams, receivers, others, start)
      receivers.hanging.clear()
      await db.$executeRaw`UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, resting_until = NULL`
      await db.$executeRaw`UPDATE webhook_deliveries SET status = 'cancelled', settled_at = now() WHERE status = 'waiting'`
      say("the worker is killed again and again")
      const killed = await drain(db, teams, receivers, paths, start, KILL_EVERY)

      report.say("webhooks delivered, all endpoints answer", DELIVERIES / alone.seconds, "/s")
      report.say("the other 99 endpoints while one hangs", beside.perSecond, "/s", {
        note: `${(beside.perSecond / alone.perSecond).toFixed(2)}x of all answering; the last of each: p50 ${beside.p50.toFixed(1)} s, slowest ${beside.seconds.toFixed(1)} s (${alone.p50.toFixed(1)} and ${alone.seconds.toFixed(1)} s)`,
      })
      report.say(`lost under ${killed.kills} SIGKILLs of ${DELIVERIES}`, killed.lost, "", {
        target: { atMost: 0 },
        note: `${killed.repeated} came twice, ${killed.wrong + alone.wrong + beside.wrong} had a wrong signature, ${killed.seconds.toFixed(0)} s`,
      })
    } finally {
      receivers.stop()
      await db.$disconnect()
    }
    await server.dropDatabase("bench_deliveries")
  },
}

async function addTeam(db: Db, receivers: { base: string; secrets: Map<string, string> }, n: number) {
  const team = await createTestTeam(db)
  // Mails aren't measured here.
  for (const { memberId } of [team.owner, team.admin]) {
    const choice = { type: "credit_balance_low", channel: "email", enabled: false } as const
    await savePreference(db, { teamId: team.id, memberId }, choice, new Date())
  }
  for (let e = 0; e < ENDPOINTS_EACH; e++) {
    const path = `/team/${n}/endpoint/${e}`
    const { secret } = await addEndpoint({ db }, team, `${receivers.base}${path}`)
    receivers.secrets.set(path, secret)
  }
  return team
}

/** Causes everything, starts a worker, and waits until all of these receivers have everything. */
async function drain(
  db: Db,
  teams: TestTeam[],
  { heard }: { heard: Map<string, Heard> },
  paths: string[],
  start: () => ReturnType<typeof startWorkerProcess>,
  killEvery?: number,
) {
  heard.clear()
  for (const { id: teamId, owner } of teams)
    await db.$transaction(async (tx) => {
      for (let n = 0; n < EVENTS_EACH; n++) {
        const data = { balance: "4.20", threshold: "5.00" }
        const notice = { teamId, poolId: owner.poolId, type: "credit_balance_low" as const, data }
        await raise(queryIn(tx), { ...notice, cause: crypto.randomUUID() }, new Date())
      }
    })
  const isThere = (path: string) => (heard.get(path)?.ids.size ?? 0) >= ONE_ENDPOINT
  const beganAt = performance.now()
  let worker = start()
  let kills = 0
  let killedAt = 0
  const arrived = () => paths.reduce((sum, path) => sum + (heard.get(path)?.ids.size ?? 0), 0)
  while (!paths.every(isThere) && performance.now() - beganAt < LONGEST_MS) {
    await new Promise((resume) => setTimeout(resume, 20))
    if (killEvery === undefined || arrived() - killedAt < killEvery) continue
    await worker.stop("SIGKILL")
    kills++
    killedAt = arrived()
    worker = start()
  }
  await worker.stop()
  const all = paths.map(
    (path) => heard.get(path) ?? { at: Number.NaN, ids: new Set<string>(), wrong: 0, times: 0 },
  )
  const count = all.reduce((sum, { ids }) => sum + ids.size, 0)
  const ends = all.map(({ at }) => (at - beganAt) / 1_000)
  const seconds = Math.max(...ends)
  return {
    seconds,
    p50: quantile(ends, 0.5),
    perSecond: count / seconds,
    kills,
    lost: paths.length * ONE_ENDPOINT - count,
    wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
    repeated: all.reduce((sum, { times, ids, wrong }) => sum + times - ids.size - wrong, 0),
  }
}
