import { transactionTable } from "@/lib/billing-page/export-transactions"
import { connectForExports } from "@/lib/db/export-connections"
import type { TransactionFilter } from "@/lib/ledger/search-transactions"
import { type FileFormat, writeTable } from "@/lib/table-file"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { vacuum } from "../setup/vacuum"
import { createBusyTeam } from "./fill-usage"

const RECORDS = 10_000_000
const QUICK_RECORDS = 1_000_000

export const exporting: Section = {
  name: "export",
  about: "the whole of a pool with half of a year’s usage as a file, and the memory that it takes",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_export")
    const reader = connectForExports(url, 2)
    await withConnections(url, async ({ db }) => {
      const { team, apiKeyIds } = await createBusyTeam(db, url, quick ? QUICK_RECORDS : RECORDS, say)
      await vacuum(url)
      const { no, lastSeq } = await db.pool.findUniqueOrThrow({
        where: { teamId_id: { teamId: team.id, id: team.owner.poolId } },
      })
      const pool = { teamId: team.id, id: team.owner.poolId, no }
      const write = async (name: string, format: FileFormat, filter: TransactionFilter) => {
        say(`writing ${name}`)
        const table = transactionTable({ db, reader }, { pool, filter, upTo: lastSeq })
        const start = performance.now()
        let [lines, early, most] = [0, 0, 0]
        for await (const part of writeTable(table, format, async () => true)) {
          for (let at = part.indexOf("\n"); at !== -1; at = part.indexOf("\n", at + 1)) lines++
          const taken = process.memoryUsage.rss()
          if (lines * 10 < Number(lastSeq)) early = Math.max(early, taken)
          most = Math.max(most, taken)
        }
        const seconds = (performance.now() - start) / 1_000
        report.say(`${name}, ${lines.toLocaleString("en-US")} lines`, lines / seconds, "/s", {
          target: { atLeast: 50_000 },
        })
        report.say(`${name}, memory after a tenth`, early / 2 ** 20, "MB")
        report.say(`${name}, most memory`, most / 2 ** 20, "MB")
      }
      await write("CSV", "csv", {})
      await write("JSON Lines", "jsonl", {})
      await write("CSV of a key", "csv", { apiKeyId: apiKeyIds[0] })
    })
    await reader.end()
    await server.dropDatabase("bench_export")
  },
}
