import { join } from "node:path"
import Stripe from "stripe"
import { connectDb, type Db } from "@/lib/db/client"
import { newId, toPublicId } from "@/lib/ids"
import { type Reconciliation, reconcile } from "@/lib/reconciliation/reconcile"
import { ROOT } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startNode, waitUntilReady } from "../../stack/processes"
import { testEnvironment } from "../../testing/environment"
import { createTestTeam, type TestTeam } from "../../testing/teams"
import type { Section } from "../setup/bench"

const PAYMENTS = 10_000
const QUICK_PAYMENTS = 1_000
const PAID_AT_ONCE = 16
const TSX = join(ROOT, "node_modules/tsx/dist/cli.mjs")

/** Payments that Stripe captured and whose webhooks never came. The stand-in runs in its own process. */
export const reconciliation: Section = {
  name: "reconcile",
  about:
    "comparing Stripe with the ledger: a first run that credits everything, then one that finds it right",
  async run({ server, report, quick, say }) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = { ...process.env, STRIPE_STANDIN_PORT: String(port) }
    const standIn = startNode({
      name: "stripe",
      args: [TSX, "stand-in/main.ts"],
      env,
      cwd: ROOT,
      onLine: () => {},
    })
    const databaseUrl = await server.createDatabase("bench_reconcile")
    Object.assign(process.env, testEnvironment({ DATABASE_URL: databaseUrl, STRIPE_API_BASE: url }))
    const db = connectDb(databaseUrl, 4)
    try {
      await waitUntilReady(`${url}/_control/clock`, standIn)
      const stripe = new Stripe("sk_test_standin", { host: "127.0.0.1", port, protocol: "http" })
      const team = await createTestTeam(db)
      const customer = await stripe.customers.create()
      await db.stripeCustomer.create({ data: { id: customer.id, teamId: team.id } })
      let paid = 0
      for (const total of quick ? [100, QUICK_PAYMENTS] : [1_000, PAYMENTS]) {
        await payFor(stripe, db, team, { customerId: customer.id, count: total - paid })
        say(
          `${(total - paid).toLocaleString("en-US")} payments made, ${total.toLocaleString("en-US")} in all`,
        )
        const missing = total - paid
        paid = total
        const name = `${total.toLocaleString("en-US")} payments`
        const first = await timeRun(db)
        if (first.repaired !== missing) throw new Error(`${first.repaired} of ${missing} were credited`)
        report.say(`${name}, ${missing.toLocaleString("en-US")} of them missing: time`, first.seconds, "s")
        report.say("  credited", missing / first.seconds, "a second")
        const second = await timeRun(db)
        if (second.matched !== total) throw new Error(`${second.matched} of ${total} match`)
        report.say(`${name}, all there: time`, second.seconds, "s", { target: { atMost: 60 } })
        report.say("  compared", total / second.seconds, "a second")
        report.say("  memory that a run adds at its peak", second.grownMiB, "MiB", { target: { atMost: 64 } })
      }
      const listed = await timeList(stripe)
      report.say("  of it the stand-in alone, listing them", listed, "s")
    } finally {
      await db.$disconnect()
      await standIn.stop()
    }
    await server.dropDatabase("bench_reconcile")
  },
}

async function payFor(
  stripe: Stripe,
  db: Db,
  team: TestTeam,
  { customerId, count }: { customerId: string; count: number },
): Promise<void> {
  let left = count
  const now = new Date()
  const payOne = async () => {
    const id = newId()
    await db.purchase.create({
      data: {
        teamId: team.id,
        id,
        poolId: team.owner.poolId,
        kind: "auto_top_up",
        dueCause: "usage",
        status: "open",
        amountNanos: 25_000_000_000n,
        requestedByMemberId: team.owner.memberId,
        requestKey: id,
        createdAt: now,
        expiresAt: new Date(now.getTime() + 3_600_000),
      },
    })
    await stripe.paymentIntents.create({
      amount: 2500,
      currency: "usd",
      customer: customerId,
      payment_method: "pm_card_visa",
      confirm: true,
      return_url: "http://localhost:3000/",
      metadata: { purchase_id: toPublicId("pur", id) },
    })
  }
  const lane = async () => {
    while (left-- > 0) await payOne()
  }
  await Promise.all(Array.from({ length: PAID_AT_ONCE }, lane))
}

async function timeRun(db: Db) {
  const before = process.memoryUsage().rss
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const begin = performance.now()
  const ctx = { db, clock: { now: () => new Date() }, expectLivemode: false }
  const outcome: Reconciliation = await reconcile(ctx, { trigger: "command", since: null })
  const seconds = (performance.now() - begin) / 1_000
  clearInterval(sampler)
  if (outcome.status !== "finished") throw new Error(`The run ended as ${JSON.stringify(outcome)}`)
  return { ...outcome.figures, seconds, grownMiB: (peak - before) / 2 ** 20 }
}

async function timeList(stripe: Stripe): Promise<number> {
  const begin = performance.now()
  for await (const _ of stripe.paymentIntents.list({ limit: 100 }));
  return (performance.now() - begin) / 1_000
}
