import { expect, test } from "vitest"
import { testWorld } from "@/dev/testing/world"
import { env } from "@/lib/env"
import { HANDLED_EVENT_TYPES } from "@/lib/stripe/event-types"
import { stripeAt } from "@/stand-in/testing"
import { runSetup } from "./stripe-setup-command"

const world = testWorld()
const stripe = () => stripeAt(world.stripe.url)

async function run(...args: string[]): Promise<[number, string]> {
  const lines: string[] = []
  const code = await runSetup(args, (text) => lines.push(text))
  return [code, lines.join("\n")]
}
const endpoints = async () =>
  (await stripe().webhookEndpoints.list({ limit: 100 })).data.filter(
    ({ url }) => url === `${env().APP_URL}/api/webhooks/stripe`,
  )

test("makes what is missing once, tells the secret once, and puts right what somebody has changed", async () => {
  const [missing, said] = await run("--check")
  expect(missing).toBe(2)
  expect(said).toContain("it is missing")
  expect(await endpoints()).toEqual([])

  const [, made] = await run()
  expect(made).toMatch(/STRIPE_WEBHOOK_SECRET=whsec_\w+/)
  const [own, ...others] = await endpoints()
  expect(others).toEqual([])
  expect(new Set(own?.enabled_events)).toEqual(HANDLED_EVENT_TYPES)
  expect(own?.enabled_events).toContain("radar.early_fraud_warning.created")

  const [right, again] = await run()
  expect(right).toBe(0)
  expect(again).not.toContain("whsec_")
  expect(again.match(/: right/g)).toHaveLength(4)

  const id = String(own?.id)
  await stripe().webhookEndpoints.update(id, {
    enabled_events: ["invoice.paid", "payout.paid"],
    disabled: true,
  })
  const { data } = await stripe().billingPortal.configurations.list({ active: true, limit: 100 })
  const owners = data.find(({ metadata }) => metadata?.credits_portal === "plan")
  await stripe().billingPortal.configurations.update(String(owners?.id), {
    features: { subscription_cancel: { enabled: false } },
  })
  const [differs, how] = await run("--check")
  expect(differs).toBe(2)
  expect(how).toContain("it is disabled")
  expect(how).toContain("refund.created is missing")
  expect(how).toContain("payout.paid is sent for nothing")
  expect(how).toContain("subscription_cancel.enabled is false, not true")
  expect((await endpoints())[0]?.status).toBe("disabled")

  await run()
  expect((await run("--check"))[0]).toBe(0)
  expect(await endpoints()).toHaveLength(1)
})

test("says that two endpoints with one address are one too many", async () => {
  await run()
  const [own] = await endpoints()
  const { id } = await stripe().webhookEndpoints.create({ url: String(own?.url), enabled_events: ["*"] })
  const [code, said] = await run("--check")
  expect(code).toBe(2)
  expect(said).toMatch(/has the same address/)
  await stripe().webhookEndpoints.del(id)
})
