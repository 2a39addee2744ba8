import type { Dice } from "@/stand-in/faults/dice"
import { findLedgerFaults } from "../testing/ledger-holds"
import { type Booked, readBooks } from "./check/books"
import { compareWithBooks } from "./check/check"
import type { Finding } from "./check/evidence"
import { type PlanInvoice, readPlanInvoices } from "./check/invoices"
import { findBlindSpots } from "./check/proof"
import { endTheTimeOfPurchases, look, untilQuiet } from "./check/quiet"
import { reconcile } from "./check/reconcile"
import { suffer } from "./people/asides"
import { pause, type Run } from "./people/ask"
import { makePayment } from "./people/person"
import { reportUsage } from "./people/usage"
import { type PaymentPlan, planKills } from "./plan"
import { Tally } from "./tally"
import { Killer } from "./world/killer"
import { countTopUps, findLeftLow, liftTopUpLimits, sweep } from "./world/top-ups"
import type { ChaosWorld } from "./world/world"

/** The kinds of trouble, and how much there is of each. */
const CHANCE = {
  calls: { share: 0.05, hang_ms: 1_500 },
  webhooks: { up_to_times: 5, within_ms: 4_000, lost: 0.02 },
}
const LOOK_MS = 1_000
const DEADLOCK = "40P01"

export type Options = { payments: number; kills: number; cuts: number; inFlight: number; seed: string }
export type Say = (line: string) => void

export type Outcome = {
  tally: Tally
  books: Booked[]
  invoices: PlanInvoice[]
  faults: Record<string, number>
  delivered: number
  endedByThemselves: number
  topUps: Record<string, number>
  /** Findings before the reconciliation, whose job is to repair them. */
  beforeReconciling: Finding[]
  findings: string[]
  seconds: { chaos: number; quiet: number; all: number }
}

/** Lets everything go wrong, waits until it is quiet, reconciles once, and compares the ledger with Stripe's books. */
export async function runChaos(
  world: ChaosWorld,
  plans: PaymentPlan[],
  dice: Dice,
  options: Options,
  say: Say,
): Promise<Outcome> {
  const beganAt = performance.now()
  const seconds = () => Math.round((performance.now() - beganAt) / 1_000)
  const tally = new Tally()
  await world.stripe.chance({ seed: options.seed, ...CHANCE })
  await makePayments(world, plans, dice, options, tally, say)
  const chaos = seconds()
  say("Faults off. Waiting until nothing is left to do…")
  const { faults } = await world.stripe.endChance()
  const quiet = () =>
    untilQuiet(world, (left) =>
      say(`  ${left.deliveries} deliveries, ${left.jobs} jobs, ${left.running} running`),
    )
  await quiet()
  await topUpTheRest(world, quiet)
  const { delivered } = await world.stripe.backlog()
  const quietAt = seconds()
  const first = await compare(world, plans, tally)
  say(`Reconciling. Before it: ${inWords(first.findings)}…`)
  for (const line of await reconcile(world)) say(`  ${line}`)
  await quiet()
  const second = await compare(world, plans, tally)
  const ended = await endTheTimeOfPurchases(world.sql)
  say(`Ending the time of ${ended} purchases, which must change nothing more…`)
  await quiet()
  const third = await compare(world, plans, tally)
  say("Damaging the books and the ledger, to see that the comparison says so…")
  const unseen = await findBlindSpots(world.sql, third.evidence)
  return {
    tally,
    books: third.evidence.books,
    invoices: third.evidence.invoices,
    faults,
    delivered,
    endedByThemselves: [...world.apps, ...world.workers].reduce((sum, kept) => sum + kept.endedByItself, 0),
    topUps: await countTopUps(world.sql),
    beforeReconciling: first.findings,
    findings: [
      ...second.findings.map(({ kind, finding }) => `${kind}: ${finding}`),
      ...third.findings.map(({ kind, finding }) => `after the end of all purchases, ${kind}: ${finding}`),
      ...third.strangers,
      ...(await findLeftLow(world.sql, world.teams)),
      ...(await ledgerFaults(world)),
      ...unseen.map((what) => `The comparison didn’t see ${what}`),
      ...tally.broken.map((what) => `Unexpected: ${what}`),
    ],
    seconds: { chaos, quiet: quietAt - chaos, all: seconds() },
  }
}

async function makePayments(
  world: ChaosWorld,
  plans: PaymentPlan[],
  dice: Dice,
  options: Options,
  tally: Tally,
  say: Say,
): Promise<void> {
  const kills = planKills(dice, {
    payments: plans.length,
    kills: options.kills,
    drivers: options.kills,
    cuts: options.cuts,
  })
  const killer = new Killer(world, kills, dice, tally)
  const run: Run = { ...world, dice, tally }
  const watching = watch(world, plans.length, tally, say)
  const waiting = plans.values()
  const one = async () => {
    for (const plan of waiting) {
      tally.begun++
      killer.onPayment(tally.begun)
      await makePayment(run, plan)
      await Promise.all([reportUsage(run, plan), suffer(run, plan)])
      tally.ended++
    }
  }
  try {
    await Promise.all(Array.from({ length: options.inFlight }, one))
    await killer.settled()
  } finally {
    await watching.end()
  }
  for (const kept of [...world.apps, ...world.workers]) await kept.untilReady()
}

/** A run is days of purchases and top-ups. A deadlock is left to the next try, a second later. */
async function liftLimits(sql: ChaosWorld["sql"]): Promise<void> {
  try {
    await sql.query("DELETE FROM rate_limits")
    await liftTopUpLimits(sql)
  } catch (error) {
    if ((error as { code?: string }).code !== DEADLOCK) throw error
  }
}

/** Prints a line a second, and lifts the limits as often. */
function watch({ sql, stripe }: ChaosWorld, payments: number, tally: Tally, say: Say) {
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      await liftLimits(sql)
      const { rows } = await sql.query<{ credited: number }>(
        "SELECT count(*)::int AS credited FROM entries WHERE kind = 'purchase'",
      )
      const [left, { faults }] = [await look(sql, stripe), await stripe.backlog()]
      const dealt = Object.values(faults).reduce((sum, count) => sum + count, 0)
      const { app, worker, driver, connections } = tally.killed
      say(
        `${tally.ended} of ${payments} done, ${tally.paid} paid, ${rows[0]?.credited} credited · killed: app ${app}, worker ${worker}, ` +
          `driver ${driver}, connections ${connections} · ${dealt} faults · ${left.deliveries} webhooks and ${left.jobs} jobs waiting`,
      )
      await pause(LOOK_MS)
    }
  })()
  return {
    end: () => {
      isOver = true
      return watching
    },
  }
}

/** Tops up pools that are left low, as many times as usage may have left one low again. */
async function topUpTheRest({ sql }: ChaosWorld, quiet: () => Promise<void>): Promise<void> {
  for (let look = 0; look < 3; look++) {
    await liftTopUpLimits(sql)
    await sweep(sql)
    await quiet()
  }
}

function inWords(findings: Finding[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ") || "no differences"
}

async function compare(world: ChaosWorld, plans: PaymentPlan[], tally: Tally) {
  const { invoices, payments } = await readPlanInvoices(world.stripeUrl, world.teams)
  const { books, strangers } = await readBooks(world.stripe, plans, world.teams, payments)
  const evidence = { books, invoices, drawnNanos: tally.drawnNanos, acts: tally.acts }
  return { evidence, strangers, findings: await compareWithBooks(world.sql, evidence) }
}

async function ledgerFaults({ sql }: ChaosWorld): Promise<string[]> {
  return findLedgerFaults(async (text, values) => (await sql.query(text, values)).rows)
}
