import { afterEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { listEventTypes } from "@/dev/testing/event-types"
import { sendEvent } from "@/dev/testing/webhooks"
import { testDatabase } from "@/dev/testing/world"
import { HANDLED_EVENT_TYPES } from "@/lib/stripe/event-types"

const world = testDatabase()
const alarms = watchAlarms()
afterEach(async () => {
  await world.db.stripeEvent.deleteMany()
})

const TYPES = listEventTypes()

let deep: unknown = "the end"
for (let depth = 0; depth < 1_000; depth += 1) deep = { deep }

/** Shapes in which a type may arrive, whatever our pinned API version says. */
const SHAPES: Record<string, unknown>[] = [
  { data: undefined },
  { data: null },
  { data: {} },
  { data: "text" },
  { data: { object: null } },
  { data: { object: "text" } },
  { data: { object: [] } },
  { data: { object: {} } },
  { data: { object: { id: null, customer: null } } },
  { data: { object: { id: 7, customer: 7 } } },
  { data: { object: { id: { not: "" }, customer: { toString: 1 } } } },
  { data: { object: { id: "pi_\u0000", customer: "cus_\u0000" } } },
  { data: { object: { id: "pi_\ud800", customer: ["cus_1"] } } },
  { data: { object: { id: "x".repeat(5_000), customer: `cus_${"x".repeat(5_000)}` } } },
  { data: { object: { id: "obj_1", metadata: null, charges: null, something_new: [deep] } } },
  { data: { object: { id: "obj_2" }, previous_attributes: null } },
  { data: { object: { id: "obj_3" }, previous_attributes: "text" } },
  { data: { object: { id: "../../v1/refunds?x=1#y" } } },
  {
    data: { object: { id: "obj_4" } },
    created: null,
    api_version: {},
    request: "text",
    pending_webhooks: -1,
  },
  { data: { object: { id: "obj_5" } }, created: 1e300, something_new: { deep }, livemode: null },
]

const send = async (type: string, shape: Record<string, unknown> | undefined) => {
  expect(await sendEvent({ ...shape, type }), `${type} ${JSON.stringify(shape)?.slice(0, 200)}`).toBe(200)
}

test("the SDK’s own list of events is read, and has all that are handled", () => {
  expect(TYPES.length).toBeGreaterThan(200)
  expect(new Set(TYPES).size).toBe(TYPES.length)
  expect([...HANDLED_EVENT_TYPES].filter((type) => !TYPES.includes(type))).toEqual([])
})

describe("an event of every type that Stripe has", () => {
  test("is taken, and kept if anybody acts on it", async () => {
    for (const [index, type] of TYPES.entries())
      await send(type, { id: `evt_${index}`, data: { object: { id: `obj_${index}` } } })
    const kept = await world.db.stripeEvent.findMany({ select: { type: true } })
    expect(kept.map(({ type }) => type).sort()).toEqual([...HANDLED_EVENT_TYPES].sort())
  })

  test("is taken whatever is missing, odd or new in it", async () => {
    for (const [index, type] of TYPES.entries()) await send(type, SHAPES[index % SHAPES.length])
    for (const type of HANDLED_EVENT_TYPES) for (const shape of SHAPES) await send(type, shape)
    const kept = await world.db.stripeEvent.findMany()
    expect(kept.length).toBeGreaterThan(HANDLED_EVENT_TYPES.size)
    expect(kept.filter(({ objectId }) => objectId === "")).toEqual([])
  })
})

test("an event that somebody acts on and that names no object raises an alarm", async () => {
  await send("payment_intent.succeeded", { data: { object: null } })
  await send("plan.created", { data: { object: null } })
  expect(alarms.codes()).toEqual(["event_without_object"])
})
