import { createApiKey } from "@/lib/api-keys/create-api-key"
import type { Db } from "@/lib/db/client"
import type { Bench, Section } from "./bench"
import { type Child, startChild } from "./child"
import { withConnections } from "./connections"
import type { HttpOrder } from "./http-load"
import { type HttpServer, startLeanServer, startNextServer } from "./http-servers"
import { type Case, interleave, type Measured, type Rounds } from "./measure"
import { oneTeam } from "./spend-cases"

const CONNECTIONS = 64
const BATCH = 1_000
/** Enough to keep a server busy; all that 64 connections would bring at once is more than the queue takes. */
const BATCH_CONNECTIONS = 8

const LEAN = "lean server"
const NEXT = "Next"
const emptyOf = (server: string) => `${server}: empty POST route`
const bodyOf = (server: string) => `${server}: POST route that reads and answers JSON`
const singleOf = (server: string) => `${server}: POST /usage, one record`
const batchOf = (server: string) => `${server}: POST /usage, ${BATCH.toLocaleString("en-US")} records`

export const http: Section = {
  name: "http",
  about: "the API over HTTP, alone and inside Next, against empty routes of the same processes",
  async run(bench) {
    const { server, quick, pace, say } = bench
    const url = await server.createDatabase("bench_http")
    const stops: (() => Promise<void>)[] = []
    const start = async (starting: Promise<HttpServer>) => {
      const { port, stop } = await starting
      stops.push(stop)
      return port
    }
    try {
      let apiKey = ""
      await withConnections(url, async ({ db, metering }) => {
        const [teamId] = await oneTeam(db, metering)
        apiKey = await makeKey(db, teamId)
      })
      const loader = startChild("./http-load.ts")
      stops.push(loader.stop)
      const lean = await start(startLeanServer(url))
      if (quick) say("a quick run leaves Next out, whose build takes a minute")
      const next = quick ? null : await start(startNextServer(url, say))
      const cases = [
        ...casesOf(loader, LEAN, lean, apiKey),
        ...(next === null ? [] : casesOf(loader, NEXT, next, apiKey)),
      ]
      reportServers(
        bench,
        await interleave(cases, pace, say),
        next === null
          ? [[LEAN, 0.5]]
          : [
              [LEAN, 0.5],
              [NEXT, 0.85],
            ],
      )
    } finally {
      for (const stop of stops.toReversed()) await stop()
    }
    await server.dropDatabase("bench_http")
  },
}

function casesOf(loader: Child, server: string, port: number, apiKey: string): Case[] {
  const post = (name: string, order: Pick<HttpOrder, "path" | "records" | "connections">): Case => ({
    name,
    measure: (ms) => loader.ask<Measured>({ port, apiKey, ms, ...order }),
  })
  const usage = "/api/v1/usage"
  const folder = server === LEAN ? "/api/v1" : "/api"
  const single = { records: 1, connections: CONNECTIONS }
  const cases = [
    post(emptyOf(server), { path: `${folder}/empty`, ...single }),
    post(bodyOf(server), { path: `${folder}/body`, ...single }),
    post(singleOf(server), { path: usage, ...single }),
  ]
  if (server === LEAN)
    cases.push(post(batchOf(server), { path: usage, records: BATCH, connections: BATCH_CONNECTIONS }))
  return cases
}

function reportServers({ report }: Bench, rounds: Rounds, servers: [server: string, target: number][]): void {
  for (const [server, target] of servers) {
    const empty = rounds.of(emptyOf(server))
    report.say(emptyOf(server), empty.perSecond, "/s", { note: latencies(empty) })
    const body = rounds.of(bodyOf(server))
    report.say(bodyOf(server), body.perSecond, "/s", { note: latencies(body) })
    const single = rounds.of(singleOf(server))
    report.compare(singleOf(server), single.perSecond, "/s", {
      floor: empty.perSecond,
      ratio: rounds.ratio(singleOf(server), emptyOf(server)),
      target: { atLeast: target },
      note: latencies(single),
    })
  }
  const batch = rounds.of(batchOf(LEAN))
  report.say(batchOf(LEAN), batch.perSecond * BATCH, "records/s", {
    target: { atLeast: 40_000 },
    note: latencies(batch),
  })
}

const latencies = ({ p50Ms, p99Ms }: Measured) => `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`

async function makeKey(db: Db, teamId: string): Promise<string> {
  const { id: memberId } = await db.member.findFirstOrThrow({ where: { teamId } })
  const ctx = { db, now: new Date(), team: { id: teamId }, actor: { memberId } }
  const { apiKey } = await createApiKey(ctx, { name: "Bench", scopes: ["usage:write"] })
  return apiKey
}
