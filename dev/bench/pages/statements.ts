import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { makeStatements } from "@/lib/statements/make-statements"
import { endOf, monthAfter, monthOf } from "@/lib/statements/month"
import { statementPdf } from "@/lib/statements/pdf"
import { getStatement, listStatements } from "@/lib/statements/queries"
import { addTestMember, createTestTeam } from "../../testing/teams"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { vacuum } from "../setup/vacuum"
import { fillLedger } from "./fill-ledger"
import { addMeters } from "./fill-usage"

const RECORDS = 1_000_000
const MEMBERS = 10
const ROUNDS = 5
/** The days of the month that have usage. */
const DAYS = 27
/** Years of statements that a list may have. */
const MONTHS = 36

export const statements: Section = {
  name: "statements",
  about: "the statement of a month of ten members with a million records, and the pages that show it",
  async run({ server, report, quick, say }) {
    const url = await server.createDatabase("bench_statements")
    await withConnections(url, async ({ db }) => {
      // A month that lies ahead, so that nothing else is in it.
      const month = monthAfter(monthOf(new Date()))
      const records = quick ? RECORDS / 10 : RECORDS
      say(`writing ${records.toLocaleString("en-US")} records`)
      const times: number[] = []
      let teamId = ""
      for (let round = 0; round < ROUNDS; round++) {
        teamId = await fillMonth(db, url, { month, records })
        await vacuum(url)
        const make = (now: Date) => makeStatements({ db, now, provider: ["Credits"] }, { teamId })
        // The months before, in which the credits came.
        await make(new Date(endOf(month).getTime() - HOUR_MS))
        const begin = performance.now()
        await make(new Date(endOf(month).getTime() + HOUR_MS))
        times.push(performance.now() - begin)
      }
      report.say("statement of the month made", median(times), "ms", { target: { atMost: 2_000 } })
      await measureReads(db, teamId, month, report)
    })
    await server.dropDatabase("bench_statements")
  },
}

async function fillMonth(
  db: Db,
  url: string,
  { month, records }: { month: string; records: number },
): Promise<string> {
  const team = await createTestTeam(db, { plan: "free" })
  const members = [team.owner, team.admin, team.member]
  while (members.length < MEMBERS)
    members.push(await addTestMember(db, { teamId: team.id, plan: "free", role: "MEMBER" }))
  for (const { poolId, memberId } of members) {
    const meters = await addMeters(db, team.id, [{ memberId, trigger: "user", apiKeyId: null }])
    const meterNos = meters.map(({ no }) => no)
    const until = new Date(endOf(month).getTime() - HOUR_MS)
    await fillLedger(url, { teamId: team.id, poolId, meterNos, days: DAYS, until }, records / MEMBERS)
  }
  return team.id
}

type Report = Parameters<Section["run"]>[0]["report"]

async function measureReads(db: Db, teamId: string, month: string, report: Report): Promise<void> {
  let now = month
  for (let n = 0; n < MONTHS; n++) now = monthAfter(now)
  await makeStatements({ db, now: endOf(now), provider: ["Credits"] }, { teamId })
  const statement = await getStatement(db, teamId, { month })
  if (!statement) throw new Error("The month has a statement")
  const reads: [string, () => Promise<unknown>][] = [
    ["list of 36 statements", () => listStatements(db, teamId, { limit: MONTHS })],
    ["one statement", () => getStatement(db, teamId, { month })],
    ["its PDF", () => statementPdf(statement, { pageUrl: "https://example.com" })],
  ]
  for (const [name, read] of reads) {
    const times: number[] = []
    for (let n = 0; n < 25; n++) {
      const begin = performance.now()
      await read()
      if (n >= 5) times.push(performance.now() - begin)
    }
    report.say(name, median(times), "ms", name === "its PDF" ? {} : { target: { atMost: 60 } })
  }
}
