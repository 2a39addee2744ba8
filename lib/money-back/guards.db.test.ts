import { beforeEach, describe, expect, test } from "vitest"
import { type TestPool, usd } from "@/dev/testing/ledger"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)
let pool: TestPool
let payment: TestPayment

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  payment = await buy(world.db, pool, usd(25))
  await report(world.db, await refundOf(world.db, payment, usd(10)))
  await reportDispute(world.db, await disputeOf(world.db, payment, usd(5)))
})

const ofTeam = (statement: string) => sql.query(statement, [pool.teamId])

describe("refunds, disputes and clawbacks", () => {
  test.each([
    "DELETE FROM refunds WHERE team_id = $1",
    "DELETE FROM disputes WHERE team_id = $1",
    "DELETE FROM clawbacks WHERE team_id = $1",
    "UPDATE clawbacks SET amount_nanos = 1 WHERE team_id = $1",
  ])("are kept: refuses %s", async (statement) => {
    await expect(ofTeam(statement)).rejects.toThrow("are kept")
  })

  test.each(["refunds", "disputes", "clawbacks"])("are kept: refuses to truncate %s", async (table) => {
    await expect(sql.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow("are kept")
  })

  test.each([
    "UPDATE refunds SET status = 'failed' WHERE team_id = $1",
    "UPDATE refunds SET read_no = read_no - 1 WHERE team_id = $1",
    "UPDATE disputes SET status = 'won' WHERE team_id = $1",
    "UPDATE disputes SET amount_nanos = 10000000 WHERE team_id = $1",
    "UPDATE disputes SET status = 'won', read_no = read_no - 1 WHERE team_id = $1",
  ])("keep what was read last: refuses %s", async (statement) => {
    await expect(ofTeam(statement)).rejects.toThrow("is not taken back to what was read of it before")
  })

  test("keep that a refund failed", async () => {
    const refund = await refundOf(world.db, payment, usd(1), { status: "failed" })
    await report(world.db, refund)
    await expect(report(world.db, { ...refund, status: "succeeded" })).rejects.toThrow("stays so")
  })

  test.each([
    ["refunds", "amount_nanos = 20000000"],
    ["refunds", "payment_intent_id = 'pi_other'"],
    ["refunds", "purchase_id = NULL"],
    ["disputes", "stripe_dispute_id = 'dp_other'"],
    ["disputes", "occurred_at = now()"],
  ])("stay what they are of: %s don’t set %s", async (table, change) => {
    await expect(
      ofTeam(`UPDATE ${table} SET ${change}, read_no = read_no + 1000 WHERE team_id = $1`),
    ).rejects.toThrow("stays what it is of")
  })

  test.each([
    ["refunds", "status = 'canceled'"],
    ["disputes", "status = 'won'"],
    ["disputes", "amount_nanos = 60000000"],
    ["disputes", "amount_nanos = 6000000000"],
  ])("can’t change what they claim without the credits: %s, %s", async (table, change) => {
    await expect(
      ofTeam(`UPDATE ${table} SET ${change}, read_no = read_no + 1000 WHERE team_id = $1`),
    ).rejects.toThrow("refunds and disputes claim")
  })

  test("of all that was paid, with tax, take all credits and not a nano less", async () => {
    const taxed = await buy(world.db, pool, usd(25), { taxNanos: usd(2.06) })
    await report(world.db, await refundOf(world.db, taxed, usd(27.05)))
    const refund = `INSERT INTO refunds (team_id, stripe_refund_id, payment_intent_id, purchase_id, amount_nanos, status, read_no, occurred_at)
      VALUES ($1, 're_last', $2, $3, 10000000, 'succeeded', 1, now()) RETURNING id`
    const claim = [pool.teamId, taxed.paymentIntentId, taxed.purchaseId]
    await expect(sql.query(refund, claim)).rejects.toThrow(
      "refunds and disputes claim 27060000000, have taken 24990761271",
    )
  })

  test("exist once for each id of Stripe’s in a team", async () => {
    await expect(
      ofTeam(
        `INSERT INTO refunds (team_id, stripe_refund_id, payment_intent_id, amount_nanos, status, read_no, occurred_at)
         SELECT team_id, stripe_refund_id, 'pi_other', amount_nanos, status, read_no, occurred_at FROM refunds WHERE team_id = $1`,
      ),
    ).rejects.toThrow("refunds_once")
    await expect(
      ofTeam(
        `INSERT INTO disputes (team_id, stripe_dispute_id, payment_intent_id, amount_nanos, status, read_no, occurred_at)
         SELECT team_id, stripe_dispute_id, 'pi_other', amount_nanos, status, read_no, occurred_at FROM disputes WHERE team_id = $1`,
      ),
    ).rejects.toThrow("disputes_once")
  })

  test("never wait for a payment that is credited", async () => {
    await expect(
      sql.query(
        `INSERT INTO refunds (team_id, stripe_refund_id, payment_intent_id, amount_nanos, status, read_no, occurred_at)
         VALUES ($1, 're_late', $2, 10000000, 'succeeded', 1, now())`,
        [pool.teamId, payment.paymentIntentId],
      ),
    ).rejects.toThrow("still waits")
  })
})

describe("a payment", () => {
  test.each([
    ["more than was captured", "25010000000"],
    ["less than nothing", "-10000000"],
  ])("never has %s taken back", async (_, amount) => {
    await expect(
      sql.query("UPDATE purchases SET taken_back_nanos = $2 WHERE id = $1", [payment.purchaseId, amount]),
    ).rejects.toThrow("purchases_take_back_at_most_what_was_captured")
  })

  test("counts what was taken back, and nothing else", async () => {
    await expect(
      sql.query("UPDATE purchases SET taken_back_nanos = 10000000 WHERE id = $1", [payment.purchaseId]),
    ).rejects.toThrow("refunds and disputes claim")
  })

  test.each([
    ["for more than the refund", "11000000000", "purchases_take_back_at_most_what_was_captured|claim"],
    ["for more than was captured", "90000000000", "purchases_take_back_at_most_what_was_captured"],
    ["without moving credits", "10000000", "claim|has not moved its credits"],
  ])("refuses a clawback %s", async (_, amount, reason) => {
    await expect(
      sql.query(
        `INSERT INTO clawbacks (team_id, purchase_id, refund_id, amount_nanos)
         SELECT team_id, purchase_id, id, $2 FROM refunds WHERE team_id = $1`,
        [pool.teamId, amount],
      ),
    ).rejects.toThrow(new RegExp(reason))
  })

  test("refuses a clawback that fits its refund and has moved no credits", async () => {
    await expect(
      sql.inTransaction(async (query) => {
        await query("UPDATE refunds SET status = 'canceled', read_no = read_no + 1000 WHERE team_id = $1", [
          pool.teamId,
        ])
        await query(
          `INSERT INTO clawbacks (team_id, purchase_id, refund_id, amount_nanos)
           SELECT team_id, purchase_id, id, -amount_nanos FROM refunds WHERE team_id = $1`,
          [pool.teamId],
        )
      }),
    ).rejects.toThrow("has not moved its credits")
  })

  test("refuses a clawback of another purchase’s refund", async () => {
    const second = await buy(world.db, pool, usd(5))
    await expect(
      sql.query(
        `INSERT INTO clawbacks (team_id, purchase_id, refund_id, amount_nanos)
         SELECT team_id, $2, id, 10000000 FROM refunds WHERE team_id = $1`,
        [pool.teamId, second.purchaseId],
      ),
    ).rejects.toThrow("foreign key")
  })
})
