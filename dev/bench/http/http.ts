import { createApiKey } from "@/lib/api-keys/create-api-key"
import { newApiKey, parseApiKey } from "@/lib/api-keys/key-text"
import type { Db } from "@/lib/db/client"
import { cpuSecondsOf } from "../measuring/cpu"
import { type Case, interleave, type Measured, type Rounds } from "../measuring/measure"
import type { Bench, Section } from "../setup/bench"
import { type Child, startChild } from "../setup/child"
import { withConnections } from "../setup/connections"
import { oneTeam } from "../spends/spend-cases"
import type { HttpOrder } from "./http-load"
import { type HttpServer, startLeanServer, startNextServer } from "./http-servers"
import type { OpenLoopOrder } from "./open-loop"

const USAGE = "/api/v1/usage"
const CONNECTIONS = 64
const BATCH = 1_000
/** Enough to keep a server busy. 64 connections at once would bring more than the queue takes. */
const BATCH_CONNECTIONS = 8

const LEAN = "lean server"
const NEXT = "Next"
const emptyOf = (server: string) => `${server}: empty POST route`
const bodyOf = (server: string) => `${server}: POST route that reads and answers JSON`
const singleOf = (server: string) => `${server}: POST /usage, one record`
/** Requests a second with nonexistent keys, each a different one, sent beside the good ones whatever their outcome. */
const FLOOD = 500
const floodedOf = (server: string) => `${singleOf(server)}, while ${FLOOD}/s come with unknown keys`
const batchOf = (server: string) => `${server}: POST /usage, ${BATCH.toLocaleString("en-US")} records`

export const http: Section = {
  name: "http",
  about: "the API over HTTP, alone and inside Next, against empty routes of the same processes",
  async run(bench) {
    const { server, quick, pace, say } = bench
    const url = await server.createDatabase("bench_http")
    const stops: (() => Promise<void>)[] = []
    const start = async (starting: Promise<HttpServer>) => {
      const server = await starting
      stops.push(server.stop)
      return server
    }
    try {
      let apiKey = ""
      await withConnections(url, async ({ db, metering }) => {
        const [teamId] = await oneTeam(db, metering)
        apiKey = await makeKey(db, teamId)
      })
      const loader = startChild(new URL("./http-load.ts", import.meta.url))
      stops.push(loader.stop)
      const flooder = startChild(new URL("./open-loop.ts", import.meta.url))
      stops.push(flooder.stop)
      const lean = await start(startLeanServer(url))
      if (quick) say("a quick run leaves Next out, whose build takes a minute")
      const next = quick ? null : await start(startNextServer(url, say))
      const cases = [
        ...casesOf(loader, LEAN, lean, apiKey),
        flooded(loader, flooder, lean, apiKey),
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

function casesOf(loader: Child, server: string, { port, pid }: HttpServer, apiKey: string): Case[] {
  const post = (name: string, order: Pick<HttpOrder, "path" | "records" | "connections">): Case => ({
    name,
    measure: (ms) => counting(pid, () => loader.ask<Measured>({ port, apiKey, ms, ...order })),
  })
  const folder = server === LEAN ? "/api/v1" : "/api"
  const single = { records: 1, connections: CONNECTIONS }
  const cases = [
    post(emptyOf(server), { path: `${folder}/empty`, ...single }),
    post(bodyOf(server), { path: `${folder}/body`, ...single }),
    post(singleOf(server), { path: USAGE, ...single }),
  ]
  if (server === LEAN)
    cases.push(post(batchOf(server), { path: USAGE, records: BATCH, connections: BATCH_CONNECTIONS }))
  return cases
}

/** Adds what the server's processor time comes to for each call that was answered, whatever else it did meanwhile. */
async function counting(pid: number, measure: () => Promise<Measured>): Promise<Measured> {
  const [before, beganAt] = [cpuSecondsOf(pid), performance.now()]
  const measured = await measure()
  const calls = (measured.perSecond * (performance.now() - beganAt)) / 1_000
  return { ...measured, cpuMs: ((cpuSecondsOf(pid) - before) * 1_000) / calls }
}

/** The same load, beside a flood for the same time. */
function flooded(loader: Child, flooder: Child, { port, pid }: HttpServer, apiKey: string): Case {
  const order: Omit<HttpOrder, "ms"> = { port, apiKey, path: USAGE, records: 1, connections: CONNECTIONS }
  return {
    name: floodedOf(LEAN),
    async measure(ms) {
      const requests = Array.from({ length: Math.ceil((FLOOD * ms) / 1_000) }, () => ({
        kind: "unknown",
        text: unknownKeyRequest(apiKey),
      }))
      const flood: OpenLoopOrder = { port, perSecond: FLOOD, requests }
      const [measured] = await Promise.all([
        counting(pid, () => loader.ask<Measured>({ ...order, ms })),
        flooder.ask(flood),
      ])
      return measured
    },
  }
}

function unknownKeyRequest(apiKey: string): string {
  const body = '{"consumable":"email","quantity":1}'
  const key = newApiKey(parseApiKey(apiKey)?.teamId ?? "")
  return `POST ${USAGE} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
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
  const single = rounds.of(singleOf(LEAN))
  const flood = rounds.of(floodedOf(LEAN))
  report.compare(floodedOf(LEAN), flood.perSecond, "/s", {
    floor: single.perSecond,
    ratio: rounds.ratio(floodedOf(LEAN), singleOf(LEAN)),
    note: latencies(flood),
  })
  // The flood is made on the server's own cores here, and the rates above pay for that too. All connections are
  // always busy, so an answer's cost to the server is also its time: at most a fifth more.
  report.compare(
    `${floodedOf(LEAN)}: the server's processor time for each`,
    flood.cpuMs ?? Number.NaN,
    "ms",
    {
      floor: single.cpuMs ?? Number.NaN,
      ratio: rounds.cpuRatio(floodedOf(LEAN), singleOf(LEAN)),
      target: { atMost: 1.2 },
    },
  )
  const batch = rounds.of(batchOf(LEAN))
  report.say(batchOf(LEAN), batch.perSecond * BATCH, "records/s", {
    target: { atLeast: 40_000 },
    note: latencies(batch),
  })
}

const latencies = ({ p50Ms, p99Ms }: Measured) => `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`

async function makeKey(db: Db, teamId: string): Promise<string> {
  const { id: memberId, userId } = await db.member.findFirstOrThrow({ where: { teamId } })
  const actor = { memberId, userId, email: "bench@example.com", address: "unknown" }
  const ctx = { db, now: new Date(), team: { id: teamId }, actor }
  const { apiKey } = await createApiKey(ctx, { name: "Bench", scopes: ["usage:write"] })
  return apiKey
}
