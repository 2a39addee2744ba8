import { Client } from "pg"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { spend } from "../setup/teams"
import { oneTeam } from "./spend-cases"

const IN_FLIGHT = 1_024
const RECORDS = 400_000
const QUICK_RECORDS = 100_000

const READ_SIZES = `
  SELECT pg_total_relation_size('entries')::float8 AS total, pg_relation_size('entries')::float8 AS heap,
    pg_relation_size('entries_pkey')::float8 AS "primary key", pg_relation_size('entries_once_per_key')::float8 AS "key index",
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal`

type Sizes = Record<"total" | "heap" | "primary key" | "key index" | "wal", number>

export const disk: Section = {
  name: "disk",
  about: "what a spend takes on disk, written by our own path with random keys",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_disk")
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      await withConnections(url, async ({ db, metering }) => {
        const [teamId] = await oneTeam(db, metering)
        await client.query("CHECKPOINT")
        const before = await readSizes(client)
        let left = quick ? QUICK_RECORDS : RECORDS
        const records = left
        const one = async () => {
          while (left-- > 0) await spend(metering, teamId)
        }
        await Promise.all(Array.from({ length: IN_FLIGHT }, one))
        say(`${records.toLocaleString("en-US")} records written`)
        const after = await readSizes(client)
        const each = (name: keyof Sizes) => (after[name] - before[name]) / records
        report.say("entries with all indexes, a record", each("total"), "bytes", { target: { atMost: 230 } })
        for (const part of ["heap", "primary key", "key index"] as const)
          report.say(`  of it ${part}`, each(part), "bytes")
        report.say("PostgreSQL's log, a record", each("wal"), "bytes")
      })
    } finally {
      await client.end()
    }
    await server.dropDatabase("bench_disk")
  },
}

async function readSizes(client: Client): Promise<Sizes> {
  const { rows } = await client.query<Sizes>(READ_SIZES)
  if (!rows[0]) throw new Error("The sizes were not answered")
  return rows[0]
}
