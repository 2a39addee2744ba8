import { beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { consume, credit, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy, refundOf, report, type TestPayment } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { takeReadNumber } from "@/lib/stripe/read-number"
import { applyRefund } from "./apply-refund"

const world = testWorld()
const alarms = watchAlarms()
let team: TestTeam
let pool: TestPool
let payment: TestPayment

beforeEach(async () => {
  team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  payment = await buy(world.db, pool, usd(25))
})

const balance = async () => (await readPool(world.db, pool)).creditsNanos
const entriesOf = async (...kinds: string[]) =>
  (await readEntries(world.db, pool)).filter(({ kind }) => kinds.includes(kind))
const jobs = async () => {
  const rows = await world.db.$queryRaw<{ key: string }[]>`
    SELECT key FROM graphile_worker.jobs WHERE key LIKE ${`tell-balance:${pool.poolId}:%`} ORDER BY key`
  return rows.map(({ key }) => key.split(":")[2])
}

describe("a refund", () => {
  test("takes its amount back, with the reason, and leaves what was ever added", async () => {
    expect(await report(world.db, await refundOf(world.db, payment, usd(25)))).toBe("applied")
    expect(await readPool(world.db, pool)).toMatchObject({
      creditsNanos: 0n,
      debtNanos: 0n,
      lifetimeAddedNanos: usd(25),
      lifetimeSpentNanos: 0n,
    })
    const [entry] = await entriesOf("refund")
    expect(entry).toMatchObject({ amountNanos: -usd(25), balanceAfterNanos: 0n })
    expect(entry?.detail).toMatch(/^Purchase of \d+ \w+ · Requested by customer$/)
  })

  test("of three partial ones counts each once by its own amount, shuffled and doubled", async () => {
    const parts = await Promise.all([5, 7.5, 2.25].map((part) => refundOf(world.db, payment, usd(part))))
    const [a, b, c] = parts
    for (const part of [c, a, c, b, b, a, c]) if (part) await report(world.db, part)
    expect(await balance()).toBe(usd(10.25))
    const amounts = (await entriesOf("refund")).map(({ amountNanos }) => amountNanos)
    expect(amounts.sort()).toEqual([-usd(2.25), -usd(5), -usd(7.5)].sort())
  })

  test("above the balance becomes a debt in full, refuses usage, and the next purchase repays it first", async () => {
    await consume(world.db, pool, usd(20))
    await report(world.db, await refundOf(world.db, payment, usd(25)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(20), debtNanos: usd(20) })
    await credit(world.db, pool, usd(9), { source: "included", expiresAt: new Date(Date.now() + 60_000) })
    expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
    await buy(world.db, pool, usd(15))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(5), debtNanos: usd(5) })
    expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
    await buy(world.db, pool, usd(15))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(10), debtNanos: 0n })
    expect(await consume(world.db, pool, usd(19))).toMatchObject({ enough: true })
  })

  test("of a pool that is in debt already makes it deeper", async () => {
    const second = await buy(world.db, pool, usd(10))
    await consume(world.db, pool, usd(35))
    await report(world.db, await refundOf(world.db, payment, usd(25)))
    await report(world.db, await refundOf(world.db, second, usd(10)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(35), debtNanos: usd(35) })
  })

  test("tells once that the pool has become low and is used up", async () => {
    await report(world.db, await refundOf(world.db, payment, usd(21)))
    expect(await jobs()).toEqual(["low"])
    await report(world.db, await refundOf(world.db, payment, usd(4)))
    expect(await jobs()).toEqual(["depleted", "low"])
    await buy(world.db, pool, usd(1))
    expect(await jobs()).toHaveLength(2)
  })

  test.each(["requires_action", "pending", "succeeded"] as const)(
    "that is %s has taken its credits, and gives them back once when it fails",
    async (status) => {
      const refund = await refundOf(world.db, payment, usd(10), { status })
      await report(world.db, refund)
      expect(await balance()).toBe(usd(15))
      const failed = { ...refund, status: "failed" as const, failureReason: "lost_or_stolen_card" }
      for (let times = 0; times < 3; times++) await report(world.db, failed)
      expect(await readPool(world.db, pool)).toMatchObject({
        creditsNanos: usd(25),
        lifetimeAddedNanos: usd(25),
      })
      expect(await entriesOf("adjustment")).toMatchObject([
        {
          amountNanos: usd(10),
          detail: expect.stringMatching(/^Refund of .* failed · The card was lost or stolen$/),
        },
      ])
      expect(await consume(world.db, pool, usd(25))).toMatchObject({ enough: true })
    },
  )

  test("that is cancelled after the credits were used repays its debt first", async () => {
    const refund = await refundOf(world.db, payment, usd(25), { status: "pending" })
    await consume(world.db, pool, usd(20))
    await report(world.db, refund)
    await report(world.db, { ...refund, status: "canceled" })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(5), debtNanos: 0n })
    expect((await entriesOf("adjustment"))[0]?.detail).toMatch(/^Refund of .* was cancelled$/)
  })

  test("that has failed before anybody heard of it moves nothing", async () => {
    await report(world.db, await refundOf(world.db, payment, usd(10), { status: "failed" }))
    expect(await readEntries(world.db, pool)).toHaveLength(1)
  })

  test("after a failed one takes from the credits that came back", async () => {
    const refund = await refundOf(world.db, payment, usd(25))
    await report(world.db, refund)
    await report(world.db, { ...refund, status: "failed" })
    await report(world.db, await refundOf(world.db, payment, usd(25)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("that was read before it failed changes nothing when it is written after", async () => {
    const refund = await refundOf(world.db, payment, usd(10))
    const early = await takeReadNumber(world.db)
    await report(world.db, { ...refund, status: "failed" })
    const ctx = { db: world.db, now: new Date() }
    expect(await applyRefund(ctx, { refund, readNo: early })).toBe("stale")
    expect(await balance()).toBe(usd(25))
  })
})

describe("whose a refund is", () => {
  test("says our record of the customer: of nobody’s customer, or without a payment, it is ignored", async () => {
    const refund = await refundOf(world.db, payment, usd(10))
    expect(await report(world.db, { ...refund, customerId: "cus_of_somebody_else" })).toBe("ignored")
    expect(await report(world.db, { ...refund, customerId: null })).toBe("ignored")
    expect(await report(world.db, { ...refund, paymentIntentId: null })).toBe("ignored")
    expect(await world.db.refund.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("of another team’s customer never reaches this team’s payment", async () => {
    const other = await createTestTeam(world.db)
    const elsewhere = await buy(world.db, { teamId: other.id, poolId: other.owner.poolId }, usd(5))
    const foreign = await refundOf(world.db, elsewhere, usd(5), { paymentIntentId: payment.paymentIntentId })
    expect(await report(world.db, foreign)).toBe("waiting")
    expect(await balance()).toBe(usd(25))
    expect((await readPool(world.db, elsewhere)).creditsNanos).toBe(usd(5))
  })

  test("in another currency takes nothing and raises an alarm", async () => {
    const refund = await refundOf(world.db, payment, usd(10))
    expect(await report(world.db, { ...refund, amountNanos: null })).toBe("ignored")
    expect(await balance()).toBe(usd(25))
    expect(alarms.codes()).toEqual(["refund_in_other_currency"])
  })
})
