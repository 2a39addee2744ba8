import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { z } from "zod"
import { db } from "@/lib/db/client"
import { loadEnvFile } from "@/lib/load-env-file"
import { getReport } from "@/lib/reconciliation/queries"
import { reconcile } from "@/lib/reconciliation/reconcile"
import { reconcileCtx } from "./reconcile"
import { toJson, toText } from "./reconcile-output"

const HELP = `Compares Stripe with the ledger, repairs what is safe to repair, and reports the rest.

  npm run reconcile -- [options]

  --team SLUG             only the payments of this team
  --since 2026-11-01      payments made from this day on, in UTC (default: since the last run,
                          and 30 days before it; at first 90 days)
  --all                   all payments there are
  --retry-failed-events   also tries again what has failed very often
  --json                  prints JSON
  --help                  prints this

It credits payments that Stripe captured and the ledger lacks, settles purchases that are still under way, and takes in
events that Stripe couldn't deliver. It changes nothing at Stripe and takes nothing back. It can be run at any time.

Ends with 0 if everything matches, 2 if there are differences or failed events to look at, 1 if it couldn't finish.`

const day = z.iso
  .date("--since wants a day such as 2026-11-01")
  .transform((text) => new Date(`${text}T00:00:00Z`))

class UsageError extends Error {}

type Options = { team?: string; since?: Date | null; retryAllEvents: boolean; json: boolean; help: boolean }

export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        team: { type: "string" },
        since: { type: "string" },
        all: { type: "boolean", default: false },
        "retry-failed-events": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    })
    if (values.all && values.since) throw new UsageError("--all and --since exclude each other.")
    const since = values.since === undefined ? null : day.safeParse(values.since)
    if (since && !since.success) throw new UsageError(`${since.error.issues[0]?.message}.`)
    return {
      team: values.team,
      since: values.all ? null : since?.data,
      retryAllEvents: values["retry-failed-events"],
      json: values.json,
      help: values.help,
    }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Runs the command and returns its exit code. */
export async function runCommand(args: string[], print: (text: string) => void): Promise<number> {
  const options = readOptions(args)
  if (options.help) {
    print(HELP)
    return 0
  }
  const team = options.team
    ? await db().team.findUnique({ where: { slug: options.team }, select: { id: true } })
    : null
  if (options.team && !team) throw new UsageError(`There is no team ${options.team}.`)
  const outcome = await reconcile(reconcileCtx(db()), {
    teamId: team?.id,
    trigger: "command",
    since: options.since,
    retryAllEvents: options.retryAllEvents,
  })
  if (outcome.status === "busy") throw new UsageError("Another run is under way. Try again in a minute.")
  const report = await getReport(db(), team?.id ?? null)
  print(options.json ? toJson(outcome, report) : toText(outcome, report))
  if (outcome.status === "failed") return 1
  const toLookAt = report.differences.length + report.parked.length + report.failedEvents.length
  return toLookAt > 0 ? 2 : 0
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  loadEnvFile()
  // The table is for people. The worker logs the rest each hour.
  process.env.LOG_LEVEL ??= "silent"
  const code = await runCommand(process.argv.slice(2), (text) => console.log(text)).catch(
    (error: unknown) => {
      console.error(error instanceof UsageError ? error.message : error)
      return 1
    },
  )
  process.exit(code)
}
