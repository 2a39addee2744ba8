import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { listTransactionsBefore, type TransactionFilter } from "@/lib/ledger/search-transactions"
import { countUsageParts } from "@/lib/usage/count-parts"
import { USAGE_GROUPS, type UsageFilter } from "@/lib/usage/filter"
import { findTransactions } from "@/lib/usage/find-transactions"
import { getUsage } from "@/lib/usage/get-usage"
import { listUsageRecords } from "@/lib/usage/list-records"
import { readDayRange } from "@/lib/usage/range"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { vacuum } from "../setup/vacuum"
import { type BusyTeam, createBusyTeam } from "./fill-usage"

const RECORDS = 10_000_000
const QUICK_RECORDS = 1_000_000
const READS = 60
const WARM_UP = 5
/** A page that asks twice as long feels slow. */
const TARGET = { atMost: 60 }

export const usage: Section = {
  name: "usage",
  about:
    "the reads of the Usage and Transactions pages and of the API over a year of ten members, two keys and a schedule",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_usage")
    await withConnections(url, async ({ db }) => {
      const busy = await createBusyTeam(db, url, quick ? QUICK_RECORDS : RECORDS, say)
      await vacuum(url)
      say("counting runs and models")
      const begin = performance.now()
      await countUsageParts({ db })
      const records = quick ? QUICK_RECORDS : RECORDS
      report.say("records counted by run and model", records / ((performance.now() - begin) / 1_000), "/s")
      await vacuum(url)
      say("reading")
      for (const { name, read } of [...readsOf(db, busy), ...(await searchesOf(db, busy))]) {
        const times: number[] = []
        for (let n = 0; n < WARM_UP + READS; n++) {
          const start = performance.now()
          await read()
          if (n >= WARM_UP) times.push(performance.now() - start)
        }
        report.say(name, median(times), "ms", { target: TARGET })
      }
    })
    await server.dropDatabase("bench_usage")
  },
}

/** The transactions of the Owner's pool, which has half of all records. */
async function searchesOf(db: Db, { team, apiKeyIds: [apiKeyId] }: BusyTeam): Promise<Read[]> {
  const { no, lastSeq } = await db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id: team.owner.poolId } },
  })
  const pool = { teamId: team.id, id: team.owner.poolId, no }
  const day = (days: number) => new Date(Math.floor(Date.now() / DAY_MS - days) * DAY_MS)
  const search = (name: string, filter: TransactionFilter, before: bigint | null = null) => ({
    name: `transactions ${name}`,
    read: () => listTransactionsBefore(db, pool, { before, limit: 50, filter }),
  })
  return [
    search("first page", {}),
    search("a deep page", {}, lastSeq / 2n),
    search("of a kind", { kinds: ["promotion"] }),
    search("of a key and consumable", { apiKeyId, consumable: "sms" }),
    search("of a key and consumable, deep", { apiKeyId, consumable: "sms" }, lastSeq / 2n),
    search("of a week half a year ago", { from: day(190), to: day(183) }),
    search("of an amount that nothing has", { maxNanos: -1_000_000_000n }),
    search("of an amount that one day’s total has", { maxNanos: -2_000_000n }),
    { name: "transactions by a key of usage", read: () => findTransactions(db, team.id, "no such key") },
  ]
}

type Read = { name: string; read: () => Promise<unknown> }

function readsOf(db: Db, { team, memberIds }: BusyTeam): Read[] {
  const now = new Date()
  const dayBefore = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10)
  const range = readDayRange({ from: dayBefore(89) }, now)
  const day = { from: dayBefore(40), to: dayBefore(40) }
  const [, memberId] = memberIds
  const by = (groupBy: (typeof USAGE_GROUPS)[number], filter: UsageFilter = {}, compares = false) =>
    getUsage(db, team.id, { range, groupBy, interval: "day", filter, compares })
  const records = (days: typeof day, filter: UsageFilter, poolNo: number | null = null) =>
    listUsageRecords(db, team.id, {
      ...{ range: days, filter, limit: 50 },
      place: poolNo === null ? null : { day: dayBefore(80), poolNo, seq: 10n ** 12n },
    })
  return [
    ...USAGE_GROUPS.map((group) => ({ name: `90 days by ${group}`, read: () => by(group) })),
    { name: "90 days by member, against the 90 before", read: () => by("member", {}, true) },
    { name: "90 days of a member, by consumable", read: () => by("consumable", { memberId }) },
    { name: "90 days of a model, by member", read: () => by("member", { model: "model-1" }) },
    { name: "records of 90 days, first page", read: () => records(range, {}) },
    { name: "records of 90 days, a deep page", read: () => records(range, {}, 1) },
    { name: "records of a bar", read: () => records(day, { consumable: "sms" }) },
    { name: "records of a model’s bar", read: () => records(day, { model: "model-3" }) },
  ]
}
