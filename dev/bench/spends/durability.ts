import { randomUUID } from "node:crypto"
import { connectForSpending } from "@/lib/db/spend-connections"
import { UnavailableError } from "@/lib/errors"
import { Metering } from "@/lib/metering/metering"
import { usageKey } from "@/lib/metering/usage-key"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { CONNECTIONS, withConnections } from "../setup/connections"
import { spend } from "../setup/teams"
import { countRecords, reportFaults } from "./exactness"
import { oneTeam } from "./spend-cases"

const CRASHES = 20
const QUICK_CRASHES = 3
const METERINGS = 2
const IN_FLIGHT_EACH = 64
/** The time under load before each crash, at least and at most. */
const LOAD_MS = [200, 700] as const

export const durability: Section = {
  name: "durability",
  about: "PostgreSQL killed again and again while two queues spend from one pool",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_durability")
    let teamId = ""
    await withConnections(url, async ({ db, metering }) => {
      ;[teamId] = await oneTeam(db, metering)
    })
    const load = new Load(url, teamId)
    const crashes = quick ? QUICK_CRASHES : CRASHES
    const pausesMs: number[] = []
    for (let crash = 1; crash <= crashes; crash++) {
      await pause(LOAD_MS[0] + Math.random() * (LOAD_MS[1] - LOAD_MS[0]))
      const acknowledged = load.acknowledged.length
      const at = performance.now()
      await server.crash()
      while (load.acknowledged.length === acknowledged) await pause(5)
      pausesMs.push(performance.now() - at)
      say(`crash ${crash} of ${crashes}: ${acknowledged.toLocaleString("en-US")} acknowledged before it`)
    }
    await pause(LOAD_MS[1])
    await load.stop()
    say("looking for every acknowledged record")
    await withConnections(url, async ({ db, metering }) => {
      const known = new Set<string>()
      const rows = await metering.connections.query<{ usage_key: string }>(
        {
          name: "bench_keys",
          text: "SELECT usage_key FROM entries WHERE team_id = $1 AND usage_key IS NOT NULL",
        },
        [teamId],
      )
      for (const { usage_key } of rows) known.add(String(usage_key))
      const missing = load.acknowledged.filter((key) => !known.has(String(usageKey(key, "").key)))
      const note = `${load.acknowledged.length.toLocaleString("en-US")} acknowledged, ${crashes} crashes`
      report.say("acknowledged records that are missing", missing.length, "", { target: { atMost: 0 }, note })
      // The team's first two records aren't the load's. Each of the load's was requested until it was acknowledged.
      const surplus = (await countRecords(db, teamId)) - load.acknowledged.length - 2
      report.say("records written that nobody asked for, or twice", surplus, "", { target: { atMost: 0 } })
      await reportFaults(db, teamId, { report, say })
    })
    report.say("from a crash to the next acknowledged record", median(pausesMs), "ms", { note: "median" })
    await server.dropDatabase("bench_durability")
  },
}

/** Spends endlessly from several queues. Repeats unavailable spends under the same key, as a client does. */
class Load {
  readonly acknowledged: string[] = []
  private isStopping = false
  private readonly connections
  private readonly workers: Promise<void>[]

  constructor(
    databaseUrl: string,
    private readonly teamId: string,
  ) {
    this.connections = Array.from({ length: METERINGS }, () => connectForSpending(databaseUrl, CONNECTIONS))
    this.workers = this.connections
      .map((connections) => new Metering(connections))
      .flatMap((metering) => Array.from({ length: IN_FLIGHT_EACH }, () => this.work(metering)))
  }

  async stop(): Promise<void> {
    this.isStopping = true
    await Promise.all(this.workers)
    await Promise.all(this.connections.map((connections) => connections.end()))
  }

  private async work(metering: Metering): Promise<void> {
    while (!this.isStopping) {
      const key = randomUUID()
      await this.spendUntilAcknowledged(metering, key)
      this.acknowledged.push(key)
    }
  }

  private async spendUntilAcknowledged(metering: Metering, key: string): Promise<void> {
    for (;;) {
      try {
        await spend(metering, this.teamId, { key })
        return
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error
        await pause(20)
      }
    }
  }
}

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))
