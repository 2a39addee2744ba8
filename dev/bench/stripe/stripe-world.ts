import type { Db } from "@/lib/db/client"
import { newId, toPublicId } from "@/lib/ids"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { type ControlClient, controlClient } from "@/stand-in/control/client"
import { stripeAt } from "@/stand-in/testing"
import { buildApp, ROOT } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { type RunningProcess, startNode, waitUntilReady } from "../../stack/processes"
import { createTestTeam, type TestTeam } from "../../testing/teams"

const TSX = "node_modules/tsx/dist/cli.mjs"
const AT_ONCE = 16
const HOUR_MS = 3_600_000

/** A payment that Stripe captured and that the product has only requested so far. */
export type Captured = { sessionId: string; paymentId: string; customerId: string }

/** Starts Stripe's stand-in in its own process, so that its cost isn't counted as ours. */
export async function startStandIn(): Promise<{
  url: string
  control: ControlClient
  stop: () => Promise<void>
}> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const running = startNode({
    name: "stripe",
    args: [TSX, "stand-in/main.ts"],
    env: { STRIPE_STANDIN_PORT: String(port) },
    cwd: ROOT,
  })
  process.once("exit", () => void running.stop("SIGKILL"))
  await waitUntilReady(`${url}/_control/clock`, running)
  return { url, control: controlClient(url), stop: () => running.stop() }
}

/** Starts the app as it runs in production. Builds it first, unless these sources were already built. */
export async function startApp(
  env: Record<string, string | undefined>,
  say: (line: string) => void,
): Promise<{ port: number; pid: number; stop: () => Promise<void> }> {
  await buildApp(() => say("building the app, about a minute"))
  const port = await freePort()
  const args = ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"]
  const running = startNode({ name: "app", args, env, cwd: ROOT })
  process.once("exit", () => void running.stop("SIGKILL"))
  await waitUntilReady(`http://127.0.0.1:${port}/api/health`, running)
  return { port, pid: running.pid, stop: () => running.stop() }
}

/** Starts what takes usage and webhooks without the app, as `npm run api` does. */
export async function startApiProcess(
  env: Record<string, string | undefined>,
): Promise<{ port: number; pid: number; stop: () => Promise<void> }> {
  const port = await freePort()
  const args = ["--import", "tsx", "lib/api/serve.ts"]
  const running = startNode({ name: "api", args, env: { ...env, API_PORT: String(port) }, cwd: ROOT })
  process.once("exit", () => void running.stop("SIGKILL"))
  await waitUntilReady(`http://127.0.0.1:${port}/api/health`, running)
  return { port, pid: running.pid, stop: () => running.stop() }
}

export function startWorkerProcess(env: Record<string, string | undefined>): RunningProcess {
  const running = startNode({
    name: "worker",
    args: ["--import", "tsx", "lib/jobs/worker.ts"],
    env,
    cwd: ROOT,
  })
  const kill = () => void running.stop("SIGKILL")
  process.once("exit", kill)
  void running.ended.then(() => process.off("exit", kill))
  return running
}

/** Creates teams with their customers at Stripe. */
export async function createPayingTeams(
  db: Db,
  stripeUrl: string,
  count: number,
): Promise<{ team: TestTeam; customerId: string }[]> {
  const made = []
  for (let n = 0; n < count; n++) {
    const team = await createTestTeam(db)
    const { id: customerId } = await stripeAt(stripeUrl).customers.create({ email: team.owner.email })
    await db.stripeCustomer.create({ data: { id: customerId, teamId: team.id } })
    made.push({ team, customerId })
  }
  return made
}

/** Makes a number of purchases, spread over the teams, each with its checkout open in our records and paid at Stripe. */
export async function capturePayments(
  db: Db,
  { url, control }: { url: string; control: ControlClient },
  teams: { team: TestTeam; customerId: string }[],
  count: number,
): Promise<Captured[]> {
  const captured: Captured[] = []
  const numbers = Array.from({ length: count }, (_, n) => n).values()
  const one = async () => {
    for (const n of numbers) {
      const paying = teams[n % teams.length]
      if (paying) captured.push(await capture(db, { url, control }, paying))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return captured
}

async function capture(
  db: Db,
  { url, control }: { url: string; control: ControlClient },
  { team, customerId }: { team: TestTeam; customerId: string },
): Promise<Captured> {
  const id = newId()
  const metadata = { purchase_id: toPublicId("pur", id) }
  const session = await stripeAt(url).checkout.sessions.create({
    ui_mode: "embedded_page",
    mode: "payment",
    customer: customerId,
    metadata,
    line_items: [
      { quantity: 1, price_data: { currency: "usd", unit_amount: 1_000, product_data: { name: "Credits" } } },
    ],
    payment_intent_data: { metadata },
    return_url: "http://localhost:3000/return?session_id={CHECKOUT_SESSION_ID}",
  })
  await db.purchase.create({
    data: {
      teamId: team.id,
      id,
      poolId: team.owner.poolId,
      kind: "one_time",
      status: "open",
      amountNanos: 1_000n * NANOS_PER_CENT,
      requestedByMemberId: team.owner.memberId,
      requestKey: `request-${id}`,
      checkoutSessionId: session.id,
      expiresAt: new Date(Date.now() + HOUR_MS),
    },
  })
  const { session: paid } = await control.pay(session.id)
  return { sessionId: session.id, paymentId: String(paid.payment_intent), customerId }
}
