import { beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { consume, nanoMeter, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { crashAfter } from "@/dev/testing/purchases"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
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
const entriesOf = async (wanted: string) =>
  (await readEntries(world.db, pool)).filter(({ kind }) => kind === wanted)

describe("refunds and a dispute of one payment", () => {
  test("take together what was captured, in either order", async () => {
    const second = await buy(world.db, pool, usd(25))
    await report(world.db, await refundOf(world.db, payment, usd(10)))
    await reportDispute(world.db, await disputeOf(world.db, payment, usd(25)))
    await reportDispute(world.db, await disputeOf(world.db, second, usd(25)))
    await report(world.db, await refundOf(world.db, second, usd(10)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("leave the refund taken when the dispute is won, in either order", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25))
    await reportDispute(world.db, dispute)
    await report(world.db, await refundOf(world.db, payment, usd(10)))
    expect(await balance()).toBe(0n)
    await reportDispute(world.db, { ...dispute, status: "won" })
    expect(await balance()).toBe(usd(15))
  })

  test("above what was captured take what was captured, with an alarm", async () => {
    await report(world.db, await refundOf(world.db, payment, usd(20)))
    await report(world.db, await refundOf(world.db, payment, usd(20)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
    expect(alarms.codes()).toContain("refunded_more_than_captured")
  })
})

describe("at once", () => {
  test("the same refund twenty times takes once", async () => {
    const refund = await refundOf(world.db, payment, usd(10))
    const barrier = await connect(world)
    await barrier.query("BEGIN")
    await barrier.query("SELECT 1 FROM purchases WHERE id = $1 FOR UPDATE", [payment.purchaseId])
    const reports = Promise.all(Array.from({ length: 20 }, () => report(world.db, refund)))
    await untilWaiting(barrier, 20)
    await barrier.query("COMMIT")
    await barrier.end()
    await reports
    expect(await balance()).toBe(usd(15))
    expect(await entriesOf("refund")).toHaveLength(1)
  })

  test("twelve refunds and twelve spends leave no credit twice and no gap", async () => {
    // As many as a test's database has connections.
    const refunds = await Promise.all(Array.from({ length: 12 }, () => refundOf(world.db, payment, usd(2))))
    await nanoMeter(world.db, team.id, "llm_tokens")
    const work = refunds.flatMap((refund) => [
      () => report(world.db, refund),
      () => consume(world.db, pool, usd(1)),
    ])
    const outcomes = await Promise.all(work.map((run) => run()))
    const spent = outcomes.filter((each) => typeof each !== "string" && each.enough).length
    const { creditsNanos, debtNanos, lifetimeSpentNanos } = await readPool(world.db, pool)
    expect(lifetimeSpentNanos).toBe(usd(spent))
    const left = 1 - spent
    expect([creditsNanos, debtNanos]).toEqual([usd(left), left < 0 ? usd(-left) : 0n])
    expect(await entriesOf("refund")).toHaveLength(12)
  })
})

test("a crash in the transaction leaves nothing, and the next report does it all", async () => {
  const refund = await refundOf(world.db, payment, usd(10))
  await expect(report(crashAfter(world.db, 0), refund)).rejects.toThrow("The process ended here")
  expect(await world.db.refund.count({ where: { teamId: team.id } })).toBe(0)
  await report(world.db, refund)
  expect(await balance()).toBe(usd(15))
})
