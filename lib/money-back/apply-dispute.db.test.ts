import { beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { consume, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy, disputeOf, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import { takeReadNumber } from "@/lib/stripe/read-number"
import { applyDispute } from "./apply-dispute"

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
const disputeEntries = async () =>
  (await readEntries(world.db, pool))
    .filter(({ kind }) => kind.startsWith("dispute"))
    .map(({ kind, amountNanos, detail }) => [kind, amountNanos, detail?.replace(/ of \d.* ·/, " of … ·")])

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

describe("a dispute", () => {
  test("takes its amount when it is opened and keeps it when it is lost", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25))
    await reportDispute(world.db, dispute)
    expect(await balance()).toBe(0n)
    await reportDispute(world.db, { ...dispute, status: "lost" })
    expect(await disputeEntries()).toEqual([["dispute", -usd(25), "Purchase of … · Reported as fraud"]])
  })

  test("gives its amount back once when it is won, and can be spent again", async () => {
    const dispute = await disputeOf(world.db, payment, usd(20))
    await reportDispute(world.db, dispute)
    for (let times = 0; times < 3; times++) await reportDispute(world.db, { ...dispute, status: "won" })
    expect(await disputeEntries()).toEqual([
      ["dispute", -usd(20), "Part of the purchase of … · Reported as fraud"],
      ["dispute_reversal", usd(20), "Purchase of … · Dispute won"],
    ])
    expect(await readPool(world.db, pool)).toMatchObject({ lifetimeAddedNanos: usd(25) })
    expect(await consume(world.db, pool, usd(25))).toMatchObject({ enough: true })
  })

  test("that is won after the credits were used leaves no debt", async () => {
    await consume(world.db, pool, usd(25))
    const dispute = await disputeOf(world.db, payment, usd(25))
    await reportDispute(world.db, dispute)
    expect(await readPool(world.db, pool)).toMatchObject({ debtNanos: usd(25) })
    await reportDispute(world.db, { ...dispute, status: "won" })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("that is only an inquiry takes nothing, until it becomes one", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25), { status: "inquiry" })
    await reportDispute(world.db, dispute)
    expect(await balance()).toBe(usd(25))
    await reportDispute(world.db, { ...dispute, status: "open" })
    expect(await balance()).toBe(0n)
  })

  test("that a bank decides anew moves the amount each time", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25))
    for (const status of ["open", "won", "lost", "won"] as const)
      await reportDispute(world.db, { ...dispute, status })
    expect(await balance()).toBe(usd(25))
    expect((await disputeEntries()).map(([kind]) => kind)).toEqual([
      "dispute",
      "dispute_reversal",
      "dispute",
      "dispute_reversal",
    ])
  })

  test("whose amount is corrected gives back what is no longer disputed", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25))
    await reportDispute(world.db, dispute)
    await reportDispute(world.db, { ...dispute, amountNanos: usd(10) })
    expect(await balance()).toBe(usd(15))
    await reportDispute(world.db, { ...dispute, amountNanos: usd(12) })
    expect(await balance()).toBe(usd(13))
  })

  test("of more than was captured, in another currency or of nobody’s customer", async () => {
    const dispute = await disputeOf(world.db, payment, usd(30))
    expect(await reportDispute(world.db, { ...dispute, customerId: "cus_of_somebody_else" })).toBe("ignored")
    expect(await reportDispute(world.db, { ...dispute, amountNanos: null })).toBe("ignored")
    expect(alarms.codes()).toEqual(["dispute_in_other_currency"])
    expect(await balance()).toBe(usd(25))
    await reportDispute(world.db, dispute)
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("reported twenty times at once takes once", async () => {
    const dispute = await disputeOf(world.db, payment, usd(25))
    await Promise.all(Array.from({ length: 20 }, () => reportDispute(world.db, dispute)))
    expect((await disputeEntries()).map(([kind]) => kind)).toEqual(["dispute"])
  })
})

// Each event read a different state: opened, funds withdrawn, closed, funds reinstated.
test.each([
  ["won", ["inquiry", "open", "won", "won"], usd(25)],
  ["lost", ["open", "open", "open", "lost"], 0n],
] as const)(
  "%s, ends alike in every order of its four events, the first of them again at the end",
  async (_, seen, left) => {
    const ctx = { db: world.db, now: new Date() }
    const reads = await Promise.all(
      seen.map(async (status) => ({ status, readNo: await takeReadNumber(world.db) })),
    )
    reads.sort((a, b) => Number(a.readNo - b.readNo))
    for (const [at, read] of reads.entries()) read.status = seen[at] ?? read.status
    const orders = permutations(reads)
    expect(orders).toHaveLength(24)
    const pools = [team.owner, team.admin, team.member].map(({ poolId }) => ({ teamId: team.id, poolId }))
    await Promise.all(
      pools.map(async (each, part) => {
        for (const order of orders.filter((_order, at) => at % pools.length === part)) {
          const bought = await buy(world.db, each, usd(25))
          const dispute: DisputeRead = await disputeOf(world.db, bought, usd(25))
          for (const { status, readNo } of [...order, ...order.slice(0, 1)])
            await applyDispute(ctx, { dispute: { ...dispute, status }, readNo })
          const { takenBackNanos } = await world.db.purchase.findUniqueOrThrow({
            where: { teamId_id: { teamId: team.id, id: bought.purchaseId } },
          })
          expect(usd(25) - takenBackNanos).toBe(left)
        }
      }),
    )
    const balances = await world.db.pool.findMany({ where: { teamId: team.id } })
    const total = balances.reduce((sum, { creditsNanos }) => sum + creditsNanos, 0n)
    // Plus the payment that nobody disputed.
    expect(total).toBe(24n * left + usd(25))
    expect(await world.db.dispute.groupBy({ by: ["status"], where: { teamId: team.id } })).toHaveLength(1)
  },
)
