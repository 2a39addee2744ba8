import type { ServerResponse } from "node:http"
import { Webhook as StandardWebhook } from "standardwebhooks"
import { Webhook as SvixWebhook } from "svix"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { listTypes } from "@/dev/testing/notifications"
import { answering, type Received, startReceiver } from "@/dev/testing/servers/receiver"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import {
  addEndpoint,
  causeWebhook,
  deliverNow,
  LOCAL,
  listDeliveries,
  webhookCtx,
} from "@/dev/testing/webhook-endpoints"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/clock"
import { until } from "@/stand-in/testing"
import { deliverWebhooks } from "./deliver"
import { Dialer } from "./dial"
import { LIMITS } from "./limits"
import { removeEndpoint, rotateSecret, setEnabled } from "./manage-endpoint"
import { listEndpoints } from "./queries"
import { redeliver, sendTest } from "./send-again"
import { endTurn, TURNS_OF_A_TEAM, takeTurn } from "./turns"

const world = testDatabase()
let team: TestTeam
let receiver: Awaited<ReturnType<typeof startReceiver>>
let endpoint: { endpointId: string; secret: string }

beforeEach(async () => {
  team = await createTestTeam(world.db)
  receiver = await startReceiver()
  endpoint = await addEndpoint(world, team, receiver.url)
})
afterEach(() => receiver.stop())

const deliver = (now = new Date()) => deliverNow(world, team, endpoint.endpointId, now)
const stored = () =>
  world.db.webhookEndpoint.findFirstOrThrow({ where: { teamId: team.id, id: endpoint.endpointId } })
const headers = ({ headers: all }: Received) => ({
  "webhook-id": String(all["webhook-id"]),
  "webhook-timestamp": String(all["webhook-timestamp"]),
  "webhook-signature": String(all["webhook-signature"]),
})
function expectVerified(one: Received, secret: string): void {
  for (const Verifier of [StandardWebhook, SvixWebhook])
    expect(new Verifier(secret).verify(one.body, headers(one))).toEqual(JSON.parse(one.body))
}

describe("what is told goes out", () => {
  test("signed so that others’ libraries accept it, and nothing that was changed", async () => {
    await causeWebhook(world, team)
    await deliver()
    const [one] = receiver.received as [Received]
    expect(receiver.received).toHaveLength(1)
    expect(JSON.parse(one.body)).toEqual({
      type: "credit_balance_low",
      timestamp: expect.stringMatching(/Z$/),
      data: { balance: "4.20", threshold: "5.00", pool_id: expect.stringMatching(/^pool_/) },
    })
    expect(one.headers["webhook-id"]).toMatch(/^msg_/)
    expectVerified(one, endpoint.secret)
    const bent = { ...one, body: one.body.replace("4.20", "9.20") }
    for (const Verifier of [StandardWebhook, SvixWebhook])
      expect(() => new Verifier(endpoint.secret).verify(bent.body, headers(bent))).toThrow()
    expect(await listDeliveries(world, team)).toMatchObject([{ status: "delivered", tries: 1 }])
  })

  test("once, to each endpoint that wants it, and not to others’", async () => {
    const other = await createTestTeam(world.db)
    await addEndpoint(world, other, receiver.url)
    await addEndpoint(world, team, receiver.url)
    await causeWebhook(world, team)
    expect(await listDeliveries(world, team)).toHaveLength(2)
    expect(await listDeliveries(world, other)).toHaveLength(0)
    await Promise.all([deliver(), deliver(), deliver()])
    expect(receiver.received).toHaveLength(1)
  })

  test("signed with both secrets for a day after one was replaced", async () => {
    const { secret } = await rotateSecret(webhookCtx(world, team), endpoint)
    expect(secret).not.toBe(endpoint.secret)
    await causeWebhook(world, team)
    await deliver()
    const [first] = receiver.received as [Received]
    expectVerified(first, secret)
    expectVerified(first, endpoint.secret)
    await causeWebhook(world, team)
    await deliver(new Date(Date.now() + DAY_MS + MINUTE_MS))
    const last = receiver.received.at(-1) as Received
    expect(String(last.headers["webhook-signature"]).split(" ")).toHaveLength(1)
  })
})

describe("what a receiver doesn’t take", () => {
  const triesOf = async () =>
    world.db.webhookTry.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })

  test("is tried eight times over more than 27 hours, with the same id and body, and is kept", async () => {
    receiver.answerWith(answering(500, {}, "broken"))
    await causeWebhook(world, team)
    const begin = Date.now() + SECOND_MS
    // Looks every few seconds at first, then every few minutes: more often than anything is due.
    for (let ms = 0; ms <= 31 * HOUR_MS; ms += ms < 15 * MINUTE_MS ? 3 * SECOND_MS : 5 * MINUTE_MS)
      await deliver(new Date(begin + ms))
    expect(receiver.received).toHaveLength(8)
    expect(new Set(receiver.received.map(({ headers: all }) => all["webhook-id"])).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    const tries = await triesOf()
    const last = (tries.at(-1)?.triedAt.getTime() ?? 0) - (tries[0]?.triedAt.getTime() ?? 0)
    expect(last).toBeGreaterThan(27 * HOUR_MS)
    expect(tries[0]).toMatchObject({ answerStatus: 500, answerBody: "broken", error: null })
    expect(await listDeliveries(world, team)).toMatchObject([{ status: "failed", tries: 8 }])
  })

  test("waits as long as it asks", async () => {
    receiver.answerWith(answering(503, { "retry-after": "3600" }))
    await causeWebhook(world, team)
    const begin = Date.now() + SECOND_MS
    await deliver(new Date(begin))
    await deliver(new Date(begin + 59 * MINUTE_MS))
    expect(receiver.received).toHaveLength(1)
    receiver.answerWith(answering(200))
    await deliver(new Date(begin + HOUR_MS + SECOND_MS))
    expect(await listDeliveries(world, team)).toMatchObject([{ status: "delivered", tries: 2 }])
  })

  test("of test events alone says nothing of how the endpoint does", async () => {
    receiver.answerWith(answering(500))
    await sendTest(webhookCtx(world, team), { endpointId: endpoint.endpointId })
    await deliver()
    expect(await listDeliveries(world, team)).toMatchObject([{ tries: 1 }])
    expect(await stored()).toMatchObject({ failures: 0, failingSince: null, restingUntil: null })
    await causeWebhook(world, team)
    await deliver()
    expect(await stored()).toMatchObject({ failures: 1, failingSince: expect.any(Date) })
  })

  test("because it is gone turns the endpoint off, and people are told", async () => {
    receiver.answerWith(answering(410))
    await causeWebhook(world, team)
    await causeWebhook(world, team)
    await deliver()
    expect(await stored()).toMatchObject({ disabledReason: "gone" })
    expect((await listDeliveries(world, team)).every(({ status }) => status === "cancelled")).toBe(true)
    expect((await listTypes(world, team)).at(-1)).toBe("webhook_endpoint_disabled")
    await causeWebhook(world, team)
    expect(await listDeliveries(world, team)).toHaveLength(2)
  })

  test("for five days turns the endpoint off; turned on again, it begins afresh", async () => {
    receiver.answerWith(answering(500))
    const begin = Date.now() + SECOND_MS
    for (let day = 0; day <= 5; day++) {
      const now = new Date(begin + day * DAY_MS)
      await causeWebhook(world, team, now)
      await deliver(now)
    }
    expect(await stored()).toMatchObject({ disabledReason: "failing" })
    expect((await listTypes(world, team)).at(-1)).toBe("webhook_endpoint_disabled")
    receiver.answerWith(answering(200))
    await setEnabled(webhookCtx(world, team), { endpointId: endpoint.endpointId, enabled: true })
    expect(await stored()).toMatchObject({ disabledReason: null, failures: 0, failingSince: null })
    await causeWebhook(world, team)
    await deliver()
    const statuses = (await listDeliveries(world, team)).map(({ status }) => status)
    expect(statuses.filter((status) => status === "delivered")).toHaveLength(1)
  })

  test("is probed with one event at a time, and everything else follows once it is back", async () => {
    receiver.answerWith(answering(500))
    for (let n = 0; n < 30; n++) await causeWebhook(world, team)
    const begin = Date.now() + SECOND_MS
    await deliver(new Date(begin))
    expect(receiver.received).toHaveLength(8)
    await deliver(new Date(begin + 6 * SECOND_MS))
    expect(receiver.received).toHaveLength(9)
    receiver.answerWith(answering(204))
    await deliver(new Date(begin + MINUTE_MS))
    const later = await listDeliveries(world, team)
    expect(later.filter(({ status }) => status === "delivered")).toHaveLength(30)
  })

  test("at all is said in words, without what it said in bytes", async () => {
    await receiver.stop()
    await causeWebhook(world, team)
    await deliver()
    expect(await triesOf()).toMatchObject([{ answerStatus: null, error: "The connection was refused." }])
    receiver = await startReceiver()
  })
})

describe("an endpoint that takes long to answer", () => {
  /** However fast it answers, it counts as too slow. */
  const deliverSlowly = (now = new Date()) =>
    deliverNow(world, team, endpoint.endpointId, now, { slowMs: -1 })

  test("keeps what it took, rests for longer and longer, and is sent one event at a time", async () => {
    for (let n = 0; n < 12; n++) await causeWebhook(world, team)
    const begin = Date.now() + SECOND_MS
    await deliverSlowly(new Date(begin))
    expect(receiver.received).toHaveLength(8)
    expect(await stored()).toMatchObject({ failures: 1, failingSince: null, disabledReason: null })
    await deliverSlowly(new Date(begin + SECOND_MS))
    expect(receiver.received).toHaveLength(8)
    await deliverSlowly(new Date(begin + 6 * SECOND_MS))
    expect(receiver.received).toHaveLength(9)
    await deliverSlowly(new Date(begin + 12 * SECOND_MS))
    expect(receiver.received).toHaveLength(9)
    expect(await stored()).toMatchObject({ failures: 2 })
    await deliver(new Date(begin + MINUTE_MS))
    expect(await stored()).toMatchObject({ failures: 0, restingUntil: null })
    const statuses = (await listDeliveries(world, team)).map(({ status, tries }) => [status, tries])
    expect(statuses).toEqual(statuses.map(() => ["delivered", 1]))
  })

  test("isn’t turned off for it, and is said to be slow", async () => {
    const begin = Date.now() + SECOND_MS
    for (let day = 0; day <= 6; day++) {
      const now = new Date(begin + day * DAY_MS)
      await causeWebhook(world, team, now)
      await deliverSlowly(now)
    }
    expect(await listEndpoints(world.db, team.id)).toMatchObject([{ state: "slow" }])
    expect((await listDeliveries(world, team)).every(({ status }) => status === "delivered")).toBe(true)
  })
})

describe("a team’s turns", () => {
  /** Starts receivers of the team that keep their senders waiting, each served by its own process. */
  async function sendToHeld(count: number) {
    const held: ServerResponse[] = []
    receiver.answerWith((response) => held.push(response))
    const endpoints = [endpoint]
    while (endpoints.length < count) endpoints.push(await addEndpoint(world, team, receiver.url))
    await causeWebhook(world, team)
    const sending = endpoints.map(({ endpointId }) => deliverNow(world, team, endpointId, new Date(), HELD))
    return { held, endpoints, sending }
  }
  const HELD = { timeoutMs: MINUTE_MS }
  const jobs = () =>
    world.db.$queryRaw<{ key: string; isDue: boolean }[]>`
      SELECT key, run_at <= now() AS "isDue" FROM graphile_worker._private_jobs
      WHERE key LIKE 'deliver-webhooks:%' AND payload ->> 'teamId' = ${team.id}`
  const turns = () => world.db.webhookTurn.count({ where: { teamId: team.id } })

  test("are few, whoever works, and the next is woken when one ends", async () => {
    const { held, endpoints, sending } = await sendToHeld(TURNS_OF_A_TEAM + 2)
    await until(
      () => held.length,
      (count) => count === TURNS_OF_A_TEAM,
    )
    // Those without a turn come back by themselves if a process dies. Meanwhile they need no place.
    const refused = await until(
      async () => (await jobs()).filter(({ key, isDue }) => key.endsWith(":later") && !isDue),
      ({ length }) => length === 2,
    )
    expect(await turns()).toBe(TURNS_OF_A_TEAM)
    const other = await createTestTeam(world.db)
    const quick = await startReceiver()
    const { endpointId } = await addEndpoint(world, other, quick.url)
    await causeWebhook(world, other)
    await deliverNow(world, other, endpointId)
    expect(quick.received).toHaveLength(1)
    await quick.stop()

    await world.db.$executeRaw`
      DELETE FROM graphile_worker._private_jobs WHERE payload ->> 'teamId' = ${team.id}`
    receiver.answerWith(answering(200))
    for (const response of held) response.end()
    await Promise.all(sending)
    expect(await turns()).toBe(0)
    const woken = (await jobs()).filter(({ isDue }) => isDue).map(({ key }) => key)
    expect(woken.sort()).toEqual(refused.map(({ key }) => key.replace(":later", "")).sort())
    for (const { endpointId: id } of endpoints) await deliverNow(world, team, id)
    expect((await listDeliveries(world, team)).every(({ status }) => status === "delivered")).toBe(true)
  })

  test("are one for each endpoint, which comes back when it ends", async () => {
    const { held, sending } = await sendToHeld(1)
    await until(
      () => held.length,
      (count) => count === 1,
    )
    await causeWebhook(world, team)
    await deliver()
    expect(held).toHaveLength(1)
    receiver.answerWith(answering(200))
    held[0]?.end()
    await Promise.all(sending)
    const later = `deliver-webhooks:${endpoint.endpointId}:later`
    expect(await jobs()).toContainEqual({ key: later, isDue: true })
    await deliver()
    expect(receiver.received).toHaveLength(2)
  })

  test("end after a minute, and what is left then comes behind what others wait for", async () => {
    for (let n = 0; n < 9; n++) await causeWebhook(world, team)
    const begin = Date.now() + SECOND_MS
    const dialer = new Dialer(LOCAL)
    // A receiver that takes two minutes to answer.
    const now = () => new Date(receiver.received.length > 0 ? begin + 2 * MINUTE_MS : begin)
    const ref = { teamId: team.id, endpointId: endpoint.endpointId }
    await deliverWebhooks({ db: world.db, now, dialer }, ref)
    expect(receiver.received).toHaveLength(8)
    const [next] = await world.db.$queryRaw<{ run_at: Date }[]>`
      SELECT run_at FROM graphile_worker.jobs WHERE key = ${`deliver-webhooks:${endpoint.endpointId}:later`}`
    expect(next?.run_at).toEqual(new Date(begin + 2 * MINUTE_MS))
    await dialer.close()
  })

  test("that were lost with their process end by themselves, and only whoever took one ends it", async () => {
    const [now, soon] = [new Date(), new Date(Date.now() + SECOND_MS)]
    const ref = { teamId: team.id, endpointId: endpoint.endpointId }
    const lost = await takeTurn(world.db, ref, now, soon)
    expect(await takeTurn(world.db, ref, now, soon)).toEqual({ askAgainAt: soon })
    const later = new Date(soon.getTime() + SECOND_MS)
    expect(await takeTurn(world.db, ref, soon, later)).toHaveProperty("turn")
    if ("turn" in lost) await world.db.$transaction((tx) => endTurn(tx, lost.turn, soon))
    expect(await turns()).toBe(1)
  })
})

test("an endpoint that is removed while it is sent to fails no job", async () => {
  receiver.answerWith((response) => {
    void removeEndpoint(webhookCtx(world, team), endpoint).then(() => response.end())
  })
  await causeWebhook(world, team)
  await deliver()
  expect(receiver.received).toHaveLength(1)
  expect(await world.db.webhookTry.count({ where: { teamId: team.id } })).toBe(1)
  expect(await world.db.webhookTurn.count({ where: { teamId: team.id } })).toBe(0)
})

describe("by hand", () => {
  test("so much goes out within ten minutes, tests and what is sent again together", async () => {
    const now = new Date(Math.floor(Date.now() / (10 * MINUTE_MS)) * 10 * MINUTE_MS)
    const ctx = webhookCtx(world, team, { now })
    const { limit, sentence } = LIMITS["send-by-hand"]
    await sendTest(ctx, endpoint)
    const [{ id } = { id: "" }] = await listDeliveries(world, team)
    for (let n = 1; n < limit; n++) await redeliver(ctx, { deliveryId: id })
    await expect(sendTest(ctx, endpoint)).rejects.toMatchObject({ status: 429, title: sentence })
    await expect(redeliver(ctx, { deliveryId: id })).rejects.toMatchObject({ status: 429, title: sentence })
    expect(await listDeliveries(world, team)).toHaveLength(1)
    const other = await createTestTeam(world.db)
    await sendTest(webhookCtx(world, other, { now }), await addEndpoint(world, other, receiver.url))
    await sendTest(webhookCtx(world, team, { now: new Date(now.getTime() + 10 * MINUTE_MS) }), endpoint)
  })

  test("a test event says that it is one", async () => {
    await sendTest(webhookCtx(world, team), endpoint)
    await deliver()
    const [one] = receiver.received as [Received]
    expect(JSON.parse(one.body)).toMatchObject({
      type: "test",
      data: { message: expect.stringContaining("test") },
    })
    expectVerified(one, endpoint.secret)
  })

  test("what was sent goes out again with its id", async () => {
    await causeWebhook(world, team)
    await deliver()
    const [{ id } = { id: "" }] = await listDeliveries(world, team)
    await redeliver(webhookCtx(world, team), { deliveryId: id })
    await deliver()
    const ids = receiver.received.map(({ headers: all }) => all["webhook-id"])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test("nothing goes to an endpoint that is off, is another team’s, or by a Member", async () => {
    const other = await createTestTeam(world.db)
    await expect(sendTest(webhookCtx(world, other), endpoint)).rejects.toMatchObject({ status: 404 })
    await expect(sendTest(webhookCtx(world, team, { actor: team.member }), endpoint)).rejects.toMatchObject({
      status: 403,
    })
    await setEnabled(webhookCtx(world, team), { endpointId: endpoint.endpointId, enabled: false })
    await expect(sendTest(webhookCtx(world, team), endpoint)).rejects.toMatchObject({ status: 409 })
  })
})

test("a delivery that a process took and never recorded is sent again by another, with the same id", async () => {
  await causeWebhook(world, team)
  const dialer = new Dialer(LOCAL)
  const ref = { teamId: team.id, endpointId: endpoint.endpointId }
  // Dies right after the receiver has it.
  const dying = {
    post: async (...args: Parameters<Dialer["post"]>) => {
      await dialer.post(...args)
      throw new Error("killed")
    },
  }
  await expect(deliverWebhooks({ db: world.db, now: () => new Date(), dialer: dying }, ref)).rejects.toThrow(
    "killed",
  )
  await deliver()
  expect(receiver.received).toHaveLength(1)
  await deliver(new Date(Date.now() + MINUTE_MS))
  expect(receiver.received).toHaveLength(2)
  expect(new Set(receiver.received.map(({ headers: all }) => all["webhook-id"])).size).toBe(1)
  await dialer.close()
})
