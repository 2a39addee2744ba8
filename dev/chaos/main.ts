import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Dice } from "@/stand-in/faults/dice"
import { watchLauncher } from "../stack/launcher"
import { fuzz } from "./fuzz"
import { MAX_PAYMENTS, planPayment } from "./plan"
import { type Options, runChaos } from "./run"
import { summarise } from "./summary"
import { removeFolder, startWorld } from "./world/world"

/* Lets everything go wrong at once that may go wrong around a payment, and then checks the ledger against Stripe's
   books. `--seed` repeats a run's decisions, though nobody can repeat how its processes are scheduled. */

const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "1000" },
    requests: { type: "string", default: "100000" },
    kills: { type: "string", default: "20" },
    cuts: { type: "string", default: "2" },
    apps: { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
    teams: { type: "string" },
    "in-flight": { type: "string", default: "24" },
    seed: { type: "string", default: randomBytes(4).toString("hex") },
    quiet: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
})

const MAX_REQUESTS = 10_000_000

function count(
  name: "payments" | "requests" | "kills" | "cuts" | "apps" | "workers" | "in-flight",
  smallest: number,
): number {
  const number = Number(values[name])
  const largest = name === "requests" ? MAX_REQUESTS : MAX_PAYMENTS
  if (!Number.isInteger(number) || number < smallest || number > largest)
    throw new Error(`--${name} must be a whole number from ${smallest} to ${largest}`)
  return number
}

let stop = async () => {}
async function stopEarly(reason: string): Promise<never> {
  console.error(reason)
  await stop().catch(() => undefined)
  process.exit(1)
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void stopEarly("Stopped."))
watchLauncher(() => void stopEarly("Whoever started this is gone."))

async function main(): Promise<boolean> {
  const options: Options = {
    payments: count("payments", 1),
    kills: count("kills", 0),
    cuts: count("cuts", 0),
    inFlight: count("in-flight", 1),
    seed: values.seed,
  }
  const requests = count("requests", 0)
  const dice = new Dice(options.seed)
  const teams = values.teams ? Number(values.teams) : Math.max(5, Math.ceil(options.payments / 50))
  const plans = Array.from({ length: options.payments }, (_, n) => planPayment(dice, n, teams))
  console.log(`Seed ${options.seed}: ${options.payments} payments of ${teams} teams.`)
  const size = { apps: count("apps", 1), workers: count("workers", 1), teams }
  const world = await startWorld(dice, size, (end) => {
    stop = end
  })
  const beganAt = performance.now()
  const say = (line: string) => {
    const at = Math.round((performance.now() - beganAt) / 1_000)
    if (!values.quiet) console.log(`${String(at).padStart(4)} s  ${line}`)
  }
  const outcome = await runChaos(world, plans, dice, options, say)
  console.log(`\n${summarise(plans, options, outcome)}\n`)
  const findings = [...outcome.findings, ...(await fuzz(world, { seed: options.seed, requests }, say))]
  const isRight = findings.length === 0
  if (isRight)
    console.log(
      "Every captured payment was credited once, in its pool, to the cent; nothing else was. " +
        "No top-up had another cause than usage, a refusal, a save or a new card, and no unpaid period has anything left. " +
        `Damages to books and ledger were all seen. ${requests} strange requests ended in no fault and no stall.`,
    )
  else {
    for (const finding of findings) console.error(`WRONG  ${finding}`)
    console.error(
      `\n${findings.length} findings. Repeat with --seed ${options.seed}. Logs: ${join(world.folder, "logs")}`,
    )
  }
  await stop()
  if (isRight && !values.keep) await removeFolder(world.folder)
  return isRight
}

process.exit(
  await main().then(
    (isRight) => (isRight ? 0 : 1),
    (error: unknown) => stopEarly(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  ),
)
