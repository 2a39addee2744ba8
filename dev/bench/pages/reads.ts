import { getUsageForDryRun } from "@/lib/auto-top-up/queries"
import type { Db } from "@/lib/db/client"
import { getFigures } from "@/lib/ledger/queries"
import { listRecentTransactions, listTransactionPage } from "@/lib/ledger/transactions"
import type { Metering } from "@/lib/metering/metering"
import { ensureMeter } from "@/lib/metering/meters"
import { readBalance } from "@/lib/metering/read-balance"
import { createTestTeam } from "../../testing/teams"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { vacuum } from "../setup/vacuum"
import { fillLedger } from "./fill-ledger"

const SMALL = 10_000
const LARGE = 10_000_000
const QUICK_LARGE = 1_000_000
const READS = 2_000
const QUICK_READS = 500
const WARM_UP = 100
const PAGES_DEEP = 100_000

type FilledTeam = { teamId: string; poolId: string; no: number; lastSeq: bigint; records: number }

export const reads: Section = {
  name: "reads",
  about: "the Billing page’s and the API’s reads of a pool with a long history against one with a short one",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_reads")
    await withConnections(url, async ({ db, metering }) => {
      const small = await makeTeam(url, db, metering, SMALL)
      say(`writing ${(quick ? QUICK_LARGE : LARGE).toLocaleString("en-US")} entries`)
      const large = await makeTeam(url, db, metering, quick ? QUICK_LARGE : LARGE)
      say("VACUUM ANALYZE")
      await vacuum(url)
      say("reading")
      for (const { name, read } of readsOf(db, metering)) {
        const times = { small: [] as number[], large: [] as number[] }
        for (let n = 0; n < WARM_UP + (quick ? QUICK_READS : READS); n++) {
          const took = { small: await time(() => read(small)), large: await time(() => read(large)) }
          if (n < WARM_UP) continue
          times.small.push(took.small)
          times.large.push(took.large)
        }
        const floor = median(times.small)
        const value = median(times.large)
        report.compare(name, value, "ms", { floor, ratio: value / floor, target: { atMost: 1.3 } })
      }
    })
    await server.dropDatabase("bench_reads")
  },
}

function readsOf(
  db: Db,
  metering: Metering,
): { name: string; read: (team: FilledTeam) => Promise<unknown> }[] {
  const poolOf = ({ teamId, poolId: id, no }: FilledTeam) => ({ teamId, id, no })
  return [
    { name: "balance", read: ({ teamId, poolId }) => readBalance(metering, teamId, poolId, new Date()) },
    { name: "five newest transactions", read: (team) => listRecentTransactions(db, poolOf(team), 5) },
    {
      name: "usage of 30 days, for the dry run",
      read: ({ teamId, poolId }) => getUsageForDryRun(db, { teamId, poolId }, new Date()),
    },
    {
      name: "figures of the card",
      read: (team) => getFigures(db, { ...poolOf(team), lifetimeAddedNanos: 0n, lifetimeSpentNanos: 0n }),
    },
    { name: "first page of transactions", read: (team) => listTransactionPage(db, poolOf(team), {}) },
    {
      name: `page ${PAGES_DEEP.toLocaleString("en-US")} rows deep, or half way in the short one`,
      read: (team) =>
        listTransactionPage(db, poolOf(team), {
          before: team.lastSeq - BigInt(Math.min(PAGES_DEEP, team.records / 2)),
        }),
    },
  ]
}

async function makeTeam(url: string, db: Db, metering: Metering, records: number): Promise<FilledTeam> {
  const { id: teamId, owner } = await createTestTeam(db, { plan: "free" })
  const { poolId } = owner
  const terms = { consumable: "email", trigger: "api_key", memberId: null, apiKeyId: null } as const
  const meter = await ensureMeter(metering.connections.query, { teamId, plan: "free" }, terms)
  await fillLedger(url, { teamId, poolId, meterNos: [meter.no] }, records)
  const { no, lastSeq } = await db.pool.findUniqueOrThrow({ where: { teamId_id: { teamId, id: poolId } } })
  return { teamId, poolId, no, lastSeq, records }
}

async function time(read: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await read()
  return performance.now() - begin
}
