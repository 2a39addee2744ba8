import { beforeEach, describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { nextMonth } from "@/lib/top-up-settings/month"
import { readCommitted } from "@/lib/top-up-settings/settings"

const world = testWorld()
let team: TestTeam
let payment: TestPayment

beforeEach(async () => {
  team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  payment = await buy(world.db, pool, usd(50), { kind: "auto_top_up" })
  await buy(world.db, { ...pool, poolId: team.admin.poolId }, usd(30), { kind: "auto_top_up" })
})

const committed = (at = new Date()) => readCommitted(world.db, team.id, at)
const refund = async (dollars: number, more = {}) => {
  const read = await refundOf(world.db, payment, usd(dollars), more)
  await report(world.db, read)
  return read
}

describe("what was refunded of a top-up frees the cap", () => {
  test("in part, in several parts, and all of it", async () => {
    expect(await committed()).toBe(usd(80))
    await refund(12.5)
    expect(await committed()).toBe(usd(67.5))
    await refund(7.5)
    expect(await committed()).toBe(usd(60))
    await refund(30)
    expect(await committed()).toBe(usd(30))
  })

  test("once, however often it is reported", async () => {
    const read = await refund(20)
    await report(world.db, read)
    await report(world.db, read)
    expect(await committed()).toBe(usd(60))
  })

  test("and takes it again when the refund fails", async () => {
    const read = await refund(50, { status: "pending" })
    expect(await committed()).toBe(usd(30))
    await report(world.db, { ...read, status: "failed", failureReason: "lost_or_stolen_card" })
    expect(await committed()).toBe(usd(80))
  })

  test("of the month in which the top-up counts, and never below nothing in the next", async () => {
    await refund(50)
    expect(await committed(nextMonth(new Date()))).toBe(0n)
  })

  test("and a dispute doesn’t, open or lost", async () => {
    const dispute = await disputeOf(world.db, payment, usd(50))
    await reportDispute(world.db, dispute)
    expect(await committed()).toBe(usd(80))
    await reportDispute(world.db, { ...dispute, status: "lost" })
    expect(await committed()).toBe(usd(80))
  })
})
