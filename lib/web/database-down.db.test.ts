import { beforeAll, expect, test } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { eventBody, sendEvent, sign, webhookRequest } from "@/dev/testing/webhooks"
import { checkHealth } from "./health"
import { handleStripeWebhook } from "./stripe-webhook"

// Nothing listens on the database's port.
beforeAll(() => {
  startInEnvironment()
})

test("while the database is down Stripe is told to come again", async () => {
  const body = eventBody()
  const answer = await handleStripeWebhook(webhookRequest(body, sign(body)))
  expect(answer.status).toBe(503)
  expect(answer.headers.get("retry-after")).toBe("5")
  expect(await answer.text()).toBe("")
})

test("while the database is down forged events are still refused, and others still acknowledged", async () => {
  const body = eventBody()
  expect((await handleStripeWebhook(webhookRequest(body, null))).status).toBe(400)
  expect(await sendEvent({ type: "customer.created" })).toBe(200)
})

test("while the database is down this process isn’t healthy, and says nothing more", async () => {
  const answer = await checkHealth()
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({ status: "unavailable" })
})
