import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connectDb, type Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ensureMeter } from "@/lib/metering/meters"
import { migrate } from "@/prisma/migrate"
import { buildApp, ROOT } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startPostgres } from "../../stack/postgres"
import { startStack } from "../../stack/stack"
import { SESSION_COOKIE, startTestSession } from "../../testing/sessions"
import { createTestTeam, type TestTeam } from "../../testing/teams"
import { fillLedger } from "./fill-ledger"
import { measureJavaScript } from "./javascript"

/* Measures how fast the Billing page's HTML comes with a million ledger entries and with none, and how much
   JavaScript it sends compared with an empty page of the same app. One machine, one run, rounds in turn. */

const ENTRIES = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = 300

async function fillTeam(db: Db, databaseUrl: string, team: TestTeam, entries: number): Promise<void> {
  const terms = { consumable: "email", trigger: "api_key", memberId: null, apiKeyId: null } as const
  const { no: meterNo } = await db.$transaction((tx) =>
    ensureMeter(queryIn(tx), { teamId: team.id, plan: "build" }, terms),
  )
  await fillLedger(databaseUrl, { teamId: team.id, poolId: team.owner.poolId, meterNos: [meterNo] }, entries)
}

async function timeHtml(url: string, token: string, expected: string): Promise<number> {
  const begin = performance.now()
  const answer = await fetch(url, { headers: { cookie: `${SESSION_COOKIE}=${token}` } })
  const html = await answer.text()
  if (!answer.ok || !html.includes(expected)) throw new Error(`${url} answered ${answer.status}`)
  return performance.now() - begin
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

const scratch = await mkdtemp(join(tmpdir(), "credits-bench-"))
await chmod(scratch, 0o755)
const stops: (() => Promise<void>)[] = [() => rm(scratch, { recursive: true, force: true })]
try {
  console.log("Building and starting…")
  await buildApp()
  const postgres = await startPostgres({ dataDir: join(scratch, "postgres"), password: "bench" })
  stops.push(postgres.stop)
  await postgres.ensureDatabase("credits_demo_bench")
  const databaseUrl = postgres.url("credits_demo_bench")
  await migrate(databaseUrl)
  const db = connectDb(databaseUrl, 2)
  stops.push(() => db.$disconnect())
  const [small, large] = [await createTestTeam(db), await createTestTeam(db)]
  await fillTeam(db, databaseUrl, small, 10)
  console.log(`Writing ${ENTRIES.toLocaleString("en-US")} entries…`)
  await fillTeam(db, databaseUrl, large, ENTRIES)
  await db.$executeRaw`ANALYZE`

  const secret = "bench-secret-of-32-characters-or-more"
  const stack = await startStack({
    isDemo: true,
    databaseUrl,
    authSecret: secret,
    webhookSecret: `whsec_${secret}`,
    appPort: await freePort(),
    stripePort: await freePort(),
  })
  stops.push(stack.stop)
  const billing = (team: TestTeam) => `/${team.slug}/settings/account/billing`
  const [smallToken, largeToken] = [
    await startTestSession(db, small.owner.userId),
    await startTestSession(db, large.owner.userId),
  ]
  const times = { small: [] as number[], large: [] as number[], history: [] as number[] }
  const historyPath = `${billing(large)}/transactions?before=${Math.round(ENTRIES / 2)}`
  for (let round = 0; round < ROUNDS + 20; round++) {
    const measured = {
      small: await timeHtml(stack.appUrl + billing(small), smallToken, "Recent Transactions"),
      large: await timeHtml(stack.appUrl + billing(large), largeToken, "Recent Transactions"),
      history: await timeHtml(stack.appUrl + historyPath, largeToken, "Older"),
    }
    // The first rounds warm the caches of all three alike.
    if (round >= 20)
      for (const name of ["small", "large", "history"] as const) times[name].push(measured[name])
    if (round % 80 === 0) console.log(`Round ${round} of ${ROUNDS}`)
  }
  const emptyBytes = await measureJavaScript(stack.appUrl, "/sign-in/check-your-email", largeToken)
  const billingBytes = await measureJavaScript(stack.appUrl, billing(large), largeToken)

  const row = (name: string, values: number[]) => ({
    page: name,
    "median ms": Number(quantile(values, 0.5).toFixed(1)),
    "p95 ms": Number(quantile(values, 0.95).toFixed(1)),
  })
  console.table([
    row("Billing, 10 entries", times.small),
    row(`Billing, ${ENTRIES.toLocaleString("en-US")} entries`, times.large),
    row("History, in the middle", times.history),
  ])
  const ratio = billingBytes / emptyBytes
  console.log(
    `JavaScript on the wire: empty page ${emptyBytes} bytes, Billing ${billingBytes} bytes, ratio ${ratio.toFixed(2)}`,
  )
  const results = {
    entries: ENTRIES,
    html: { small: times.small, large: times.large },
    emptyBytes,
    billingBytes,
    ratio,
  }
  await mkdir(join(ROOT, ".cache"), { recursive: true })
  await writeFile(join(ROOT, ".cache/bench-billing-page.json"), JSON.stringify(results))
} finally {
  for (const stop of stops.toReversed()) await stop()
}
process.exit(0)
