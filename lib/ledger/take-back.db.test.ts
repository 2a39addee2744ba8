import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, readEntries, readGrants, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy, disputeOf, fallIntoDebt, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam
let pool: TestPool

beforeEach(async () => {
  team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
})

const inTwoDays = () => new Date(Date.now() + 172_800_000)
const left = async () =>
  Object.fromEntries(
    (await readGrants(world.db, pool)).map(({ kind, remainingNanos }) => [kind, remainingNanos]),
  )

const takeBack = (more: { kind?: string; amount?: bigint; cause?: string; poolId?: string } = {}) =>
  sql.query("SELECT * FROM ledger_take_back($1, $2, $3, $4, $5, '{}', now(), 'Test', now())", [
    team.id,
    more.poolId ?? pool.poolId,
    more.kind ?? "refund",
    more.amount ?? usd(1),
    more.cause ?? randomUUID(),
  ])

describe("what is taken back comes", () => {
  test("first from the refunded purchase, then from others, then from promotions, and never from what the plan includes", async () => {
    await credit(world.db, pool, usd(7), { source: "included", expiresAt: inTwoDays() })
    await credit(world.db, pool, usd(3), { expiresAt: inTwoDays() })
    await buy(world.db, pool, usd(5))
    const refunded = await buy(world.db, pool, usd(10), { kind: "auto_top_up" })
    await report(world.db, await refundOf(world.db, refunded, usd(4)))
    expect(await left()).toEqual({
      included: usd(7),
      promotion: usd(3),
      purchase: usd(5),
      auto_top_up: usd(6),
    })
    // The plan's credits, the promotion, the older purchase, and all but 2 of the refunded one.
    await consume(world.db, pool, usd(7 + 3 + 5 + 4))
    await credit(world.db, pool, usd(3), { expiresAt: inTwoDays() })
    await buy(world.db, pool, usd(1))
    await credit(world.db, pool, usd(7), { source: "included", expiresAt: inTwoDays() })
    await report(world.db, await refundOf(world.db, refunded, usd(5)))
    const { creditsNanos, debtNanos, includedNanos } = await readPool(world.db, pool)
    expect({ creditsNanos, debtNanos, includedNanos }).toEqual({
      creditsNanos: usd(1),
      debtNanos: 0n,
      includedNanos: usd(7),
    })
    const open = (await readGrants(world.db, pool)).filter(({ remainingNanos }) => remainingNanos > 0n)
    expect(open).toEqual([
      { kind: "included", remainingNanos: usd(7) },
      { kind: "promotion", remainingNanos: usd(1) },
    ])
  })

  test("not from a promotion that has expired", async () => {
    await credit(world.db, pool, usd(3), { expiresAt: new Date(Date.now() - 1_000) })
    const payment = await buy(world.db, pool, usd(5))
    await consume(world.db, pool, usd(2), { now: new Date(Date.now() - 5_000) })
    await report(world.db, await refundOf(world.db, payment, usd(5)))
    // 3 of the promotion, of which 2 were used in time.
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
    expect((await readEntries(world.db, pool)).map(({ kind }) => kind)).toContain("expiry")
  })
})

describe("in debt", () => {
  test("what the plan includes still expires and comes again", async () => {
    const expiresAt = new Date(Date.now() + 60_000)
    await credit(world.db, pool, usd(7), { source: "included", expiresAt })
    await fallIntoDebt(world.db, pool, usd(12))
    await credit(world.db, pool, usd(4), { source: "included", expiresAt })
    await sql.query("SELECT ledger_expire($1, $2, $3)", [team.id, pool.poolId, inTwoDays()])
    expect(await readPool(world.db, pool)).toMatchObject({
      includedNanos: 0n,
      creditsNanos: -usd(12),
      debtNanos: usd(12),
    })
    const [period] = await sql.query(
      `SELECT ledger_begin_period($1, $2, uuidv7(), 'build', now() - interval '1 day', now() + interval '29 days', $3, 10::smallint,
        '{sms}', '{100}', now()) AS begun`,
      [team.id, pool.poolId, usd(20)],
    )
    expect(period).toEqual({ begun: true })
    expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20), debtNanos: usd(12) })
    expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
  })

  test("nothing that was bought or given is left that could expire", async () => {
    await credit(world.db, pool, usd(7), { expiresAt: inTwoDays() })
    const payment = await buy(world.db, pool, usd(25))
    await consume(world.db, pool, usd(10))
    await report(world.db, await refundOf(world.db, payment, usd(25)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(3), debtNanos: usd(3) })
    // The next promotion pays the debt before any of it can expire.
    await credit(world.db, pool, usd(2), { expiresAt: inTwoDays() })
    await sql.query("SELECT ledger_expire($1, $2, $3)", [team.id, pool.poolId, new Date(Date.now() + 2e8)])
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(1), debtNanos: usd(1) })
  })

  test("credits beside it are refused", async () => {
    await fallIntoDebt(world.db, pool, usd(12))
    await expect(
      sql.writeAsLedger(["UPDATE pools SET credits_nanos = credits_nanos + 1 WHERE id = $1", [pool.poolId]]),
    ).rejects.toThrow("pools_debt_is_the_only_negative")
  })
})

describe("ledger_take_back", () => {
  test.each([
    ["nothing", { amount: 0n }],
    ["less than nothing", { amount: -1n }],
    ["as usage", { kind: "consumption" }],
    ["as an expiry", { kind: "expiry" }],
    ["as an adjustment", { kind: "adjustment" }],
  ])("refuses to take %s", async (_, more) => {
    await expect(takeBack(more)).rejects.toThrow("only a refund or dispute takes back")
  })

  test.each(["refund", "dispute"])("refuses a %s that nothing caused", async (kind) => {
    await buy(world.db, pool, usd(5))
    await expect(takeBack({ kind })).rejects.toThrow("moves money that no refund or dispute moved")
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(5), lastSeq: 1n })
  })

  test("takes once for a cause, and refuses it with another amount, pool or kind", async () => {
    const payment = await buy(world.db, pool, usd(5))
    await report(world.db, await refundOf(world.db, payment, usd(2)))
    const { id: cause } = await world.db.clawback.findFirstOrThrow({ where: { teamId: team.id } })
    const [again] = await takeBack({ amount: usd(2), cause })
    expect(again).toMatchObject({ replayed: true, debt_made_nanos: "0" })
    await expect(takeBack({ amount: usd(1), cause })).rejects.toThrow("another pool, or another amount")
    await expect(takeBack({ amount: usd(2), cause, poolId: team.admin.poolId })).rejects.toThrow(
      "another pool, or another amount",
    )
    await expect(takeBack({ amount: usd(2), cause, kind: "dispute" })).rejects.toThrow(
      "moves money that no refund or dispute moved",
    )
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(3) })
  })
})

describe("ledger_give_back", () => {
  const giveBack = (kind: string, grantKind: string, amount: bigint, cause: string = randomUUID()) =>
    sql.query("SELECT * FROM ledger_give_back($1, $2, $3, $4, 30::smallint, $5, $6, now(), 'Test')", [
      team.id,
      pool.poolId,
      kind,
      grantKind,
      amount,
      cause,
    ])

  test.each([
    ["nothing", "dispute_reversal", "purchase", 0n],
    ["as a purchase", "purchase", "purchase", 5n],
    ["as a promotion", "promotion", "promotion", 5n],
    ["to what the plan includes", "adjustment", "included", 5n],
  ])("refuses to give back %s", async (_, kind, grantKind, amount) => {
    await expect(giveBack(kind, grantKind, amount)).rejects.toThrow("only what was paid for is given back")
  })

  test("refuses a reversal that nothing caused, and one more for a cause that took", async () => {
    const payment = await buy(world.db, pool, usd(5))
    await reportDispute(world.db, await disputeOf(world.db, payment, usd(5)))
    const { id } = await world.db.clawback.findFirstOrThrow({ where: { teamId: team.id } })
    for (const cause of [randomUUID(), id])
      await expect(giveBack("dispute_reversal", "purchase", usd(5), cause)).rejects.toThrow(
        "moves money that no refund or dispute moved",
      )
    await expect(giveBack("adjustment", "purchase", usd(5), id)).rejects.toThrow(
      "moves money that no refund or dispute moved",
    )
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 0n })
  })
})
