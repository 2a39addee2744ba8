import { type ChildProcess, spawn } from "node:child_process"
import { appendFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { controlClient } from "./control/client"
import { SECRET, sessionParams, startReceiver, stripeAt, until } from "./testing"

const running: ChildProcess[] = []
const dataDir = mkdtempSync(join(tmpdir(), "stripe-stand-in-"))

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL")
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, STRIPE_STANDIN_DATA_DIR: dataDir, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  })
  running.push(child)
  let printed = ""
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const line = await until(() => printed.match(/Stripe stand-in: (\S+)/)?.[1] ?? "", Boolean, 40_000)
  return { url: line, child }
}

function exited(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)))
}

test("keeps everything when it is killed, and goes on delivering webhooks", {
  timeout: 120_000,
}, async () => {
  let up = false
  const receiver = await startReceiver(() => (up ? 200 : 500))
  const first = await start({
    STRIPE_STANDIN_WEBHOOK_URL: receiver.url,
    STRIPE_STANDIN_WEBHOOK_SECRET: SECRET,
  })
  const stripe = stripeAt(first.url)
  const options = { idempotencyKey: "before" }
  const customer = await stripe.customers.create({ name: "Ada" }, options)
  const session = await stripe.checkout.sessions.create(
    sessionParams({ customer: customer.id, payment_intent_data: { setup_future_usage: "off_session" } }),
  )
  await controlClient(first.url).pay(session.id)
  await controlClient(first.url).advance(1000)
  first.child.kill("SIGKILL")
  await exited(first.child)
  // A write that the kill cut in half.
  appendFileSync(join(dataDir, "journal.jsonl"), '{"table":"customer","id":"cus_half')
  up = true
  receiver.received.length = 0

  const second = await start()
  const again = stripeAt(second.url)
  expect((await again.customers.create({ name: "Ada" }, options)).id).toBe(customer.id)
  expect((await again.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid")
  expect((await again.customers.listPaymentMethods(customer.id)).data).toHaveLength(1)
  await until(receiver.types, (types) => types.includes("checkout.session.completed"), 15_000)
  second.child.kill("SIGTERM")
  expect(await exited(second.child)).toBe(0)
  await receiver.close()
})
