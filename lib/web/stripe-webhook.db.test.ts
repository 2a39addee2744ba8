import Stripe from "stripe"
import { afterEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { connect } from "@/dev/testing/sql"
import { eventBody, sendEvent, sign, webhookRequest } from "@/dev/testing/webhooks"
import { testDatabase } from "@/dev/testing/world"
import { connectDb } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { receiveEvent } from "@/lib/stripe/receive-event"
import type { VerifiedEvent } from "@/lib/stripe/verify-event"
import { handleStripeWebhook } from "./stripe-webhook"

const world = testDatabase()
const alarms = watchAlarms()
afterEach(async () => {
  await world.db.stripeEvent.deleteMany()
  await world.db
    .$executeRaw`SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key IS NOT NULL`
})

const jobsOf = (subjectId: string) =>
  world.db.$queryRaw<{ key: string }[]>`
    SELECT key FROM graphile_worker.jobs WHERE key = ${`stripe-events:${subjectId}`}`
const NOBODYS = "pi_nobody_knows"

describe("an event", () => {
  test("is in the inbox with its job before Stripe is answered", async () => {
    expect(await sendEvent({ id: "evt_one", data: { object: { id: "pi_one" } } })).toBe(200)
    expect(await world.db.stripeEvent.findMany()).toMatchObject([
      {
        id: "evt_one",
        type: "payment_intent.succeeded",
        objectId: "pi_one",
        status: "received",
        attempts: 0,
      },
    ])
    expect(await jobsOf("pi_one")).toHaveLength(1)
  })

  test("delivered a hundred times at once is one row and one job, and each delivery is taken", async () => {
    const statuses = await Promise.all(Array.from({ length: 100 }, () => sendEvent({ id: "evt_hundred" })))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await world.db.stripeEvent.count()).toBe(1)
    expect(await jobsOf(NOBODYS)).toHaveLength(1)
  })

  test("is one job with everything else about its payment", async () => {
    const about = (type: string, object: object) => sendEvent({ type, data: { object } })
    await about("payment_intent.succeeded", { id: "pi_paid" })
    await about("checkout.session.completed", { id: "cs_paid", payment_intent: "pi_paid" })
    await about("charge.refunded", { id: "ch_paid", payment_intent: "pi_paid" })
    await about("checkout.session.expired", { id: "cs_unpaid", payment_intent: null })
    expect(
      await world.db.stripeEvent.groupBy({ by: ["subjectId"], _count: true, orderBy: { subjectId: "asc" } }),
    ).toEqual([
      { subjectId: "cs_unpaid", _count: 1 },
      { subjectId: "pi_paid", _count: 3 },
    ])
    expect(await jobsOf("pi_paid")).toHaveLength(1)
    expect(await jobsOf("cs_unpaid")).toHaveLength(1)
  })

  test("delivered to four processes at once, ten times each, is one row and one job", async () => {
    const processes = Array.from({ length: 4 }, () => connectDb(world.databaseUrl, 5))
    const event: VerifiedEvent = {
      id: "evt_four",
      type: "payment_intent.succeeded",
      objectId: "pi_four",
      subjectId: "pi_four",
      customerId: null,
      apiVersion: Stripe.API_VERSION,
      livemode: false,
      account: null,
      createdAt: new Date(),
    }
    const deliveries = Array.from({ length: 10 }, () => processes).flat()
    try {
      const outcomes = await Promise.all(
        deliveries.map((db) => receiveEvent({ query: queryIn(db), expectLivemode: false }, event)),
      )
      expect(new Set(outcomes)).toEqual(new Set(["kept"]))
    } finally {
      await Promise.all(processes.map((db) => db.$disconnect()))
    }
    expect(await world.db.stripeEvent.count()).toBe(1)
    expect(await jobsOf("pi_four")).toHaveLength(1)
  })

  test("isn’t enqueued again once it was processed", async () => {
    await sendEvent({ id: "evt_done" })
    await world.db.stripeEvent.updateMany({ data: { status: "processed" } })
    await world.db.$executeRaw`SELECT graphile_worker.remove_job(${`stripe-events:${NOBODYS}`})`
    expect(await sendEvent({ id: "evt_done" })).toBe(200)
    expect(await world.db.stripeEvent.findMany()).toMatchObject([{ status: "processed" }])
    expect(await jobsOf(NOBODYS)).toEqual([])
  })

  test("whose processing failed is enqueued again when it is delivered again", async () => {
    await sendEvent({ id: "evt_failed" })
    await world.db.stripeEvent.updateMany({ data: { status: "failed" } })
    await world.db.$executeRaw`SELECT graphile_worker.remove_job(${`stripe-events:${NOBODYS}`})`
    expect(await sendEvent({ id: "evt_failed" })).toBe(200)
    expect(await world.db.stripeEvent.findMany()).toMatchObject([{ status: "received" }])
    expect(await jobsOf(NOBODYS)).toHaveLength(1)
  })

  test("that can’t be enqueued isn’t kept either, and is answered 503", async () => {
    const client = await connect(world)
    await client.query("ALTER FUNCTION graphile_worker.add_job RENAME TO add_job_gone")
    try {
      expect(await sendEvent({ id: "evt_half" })).toBe(503)
    } finally {
      await client.query("ALTER FUNCTION graphile_worker.add_job_gone RENAME TO add_job")
      await client.end()
    }
    expect(await world.db.stripeEvent.count()).toBe(0)
    expect(await sendEvent({ id: "evt_half" })).toBe(200)
  })

  test.each([
    ["livemode", { livemode: true }, ["foreign_stripe_event"]],
    ["a connected account", { account: "acct_somebody_else" }, []],
  ])("of %s is acknowledged and not kept", async (_, more, alarmed) => {
    expect(await sendEvent(more)).toBe(200)
    expect(await world.db.stripeEvent.count()).toBe(0)
    expect(alarms.codes()).toEqual(alarmed)
  })

  test.each(["2020-08-27", "2030-01-01.future", null])(
    "of API version %s is kept, with an alarm",
    async (version) => {
      expect(await sendEvent({ api_version: version })).toBe(200)
      expect(await world.db.stripeEvent.count()).toBe(1)
      expect(alarms.codes()).toEqual(["stripe_api_version_mismatch"])
    },
  )

  test.each([
    "customer.created",
    "charge.succeeded",
    "payment_intent.created",
    "payout.paid",
    "radar.early_fraud_warning.updated",
    "checkout.session.something_new",
    "a type that does not exist",
    "",
    "constructor",
  ])("of the type %o is acknowledged and not kept", async (type) => {
    expect(await sendEvent({ type })).toBe(200)
    expect(await world.db.stripeEvent.count()).toBe(0)
    expect(alarms.codes()).toEqual([])
  })

  test.each([
    ["refund.created", "re_1"],
    ["charge.refunded", "ch_1"],
    ["charge.dispute.created", "du_1"],
  ])("of the type %s, which takes money back, is kept", async (type, id) => {
    expect(await sendEvent({ type, data: { object: { id } } })).toBe(200)
    expect(await world.db.stripeEvent.findMany()).toMatchObject([{ type, objectId: id, status: "received" }])
    expect(alarms.codes()).toEqual([])
  })

  test.each(["radar.early_fraud_warning.updated", "charge.dispute.something_new"])(
    "of the type %s moves no money, and is not kept",
    async (type) => {
      expect(await sendEvent({ type, data: { object: { id: "issfr_1" } } })).toBe(200)
      expect(await world.db.stripeEvent.count()).toBe(0)
    },
  )

  test.each([
    ["no object", { data: {} }],
    ["an object without an id", { data: { object: {} } }],
    ["an object whose id is no text", { data: { object: { id: { not: "" } } } }],
    ["no data", { data: undefined }],
  ])("with %s is acknowledged and not kept", async (_, more) => {
    expect(await sendEvent(more)).toBe(200)
    expect(await world.db.stripeEvent.count()).toBe(0)
  })

  test("with fields that nobody knows is kept", async () => {
    expect(await sendEvent({ something_new: { deep: [1, 2] }, request: null })).toBe(200)
    expect(await world.db.stripeEvent.count()).toBe(1)
  })
})

describe("two secrets", () => {
  test("are both accepted while one replaces the other", async () => {
    const { env } = await import("@/lib/env")
    const secrets = env().STRIPE_WEBHOOK_SECRET
    secrets.push("whsec_the_next_secret_of_the_endpoint")
    try {
      for (const secret of secrets) {
        const body = eventBody()
        const { status } = await handleStripeWebhook(webhookRequest(body, sign(body, { secret })))
        expect(status).toBe(200)
      }
    } finally {
      secrets.pop()
    }
    const body = eventBody()
    const late = sign(body, { secret: "whsec_the_next_secret_of_the_endpoint" })
    expect((await handleStripeWebhook(webhookRequest(body, late))).status).toBe(400)
    expect(await world.db.stripeEvent.count()).toBe(2)
  })

  test("may both sign one event", async () => {
    const body = eventBody()
    const old = sign(body, { secret: "whsec_a_secret_that_was_ours_once" })
    const current = sign(body).split(",")[1]
    const { status } = await handleStripeWebhook(webhookRequest(body, `${old},${current}`))
    expect(status).toBe(200)
  })
})

test("the version that the SDK pins is the one that raises no alarm", async () => {
  expect(await sendEvent({ api_version: Stripe.API_VERSION })).toBe(200)
  expect(alarms.codes()).toEqual([])
})
