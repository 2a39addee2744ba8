import { beforeEach, describe, expect, test } from "vitest"
import {
  consume,
  credit,
  nanoMeter,
  readEntries,
  readGrants,
  readPool,
  type TestPool,
  usd,
} from "@/dev/testing/ledger"
import { buy, fallIntoDebt, refundOf, report } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { newId } from "@/lib/ids"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { type Transfer, transferCredits } from "./transfer-credits"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam
let from: TestPool
let to: TestPool

beforeEach(async () => {
  team = await createTestTeam(world.db)
  from = { teamId: team.id, poolId: team.owner.poolId }
  to = { teamId: team.id, poolId: team.member.poolId }
})

const move = (amountNanos: Transfer["amountNanos"], more: Partial<Transfer> = {}) =>
  world.db.$transaction((tx) =>
    transferCredits(
      tx,
      {
        teamId: team.id,
        fromPoolId: from.poolId,
        toPoolId: to.poolId,
        amountNanos,
        reason: "by_owner",
        madeByMemberId: team.owner.memberId,
        ...more,
      },
      new Date(),
    ),
  )

const balances = async () => [
  (await readPool(world.db, from)).creditsNanos,
  (await readPool(world.db, to)).creditsNanos,
]

test("a transfer is an entry in each pool with one cause, and says from whom and to whom", async () => {
  await buy(world.db, from, usd(50))
  const { transferId } = await move(usd(20))
  expect(await balances()).toEqual([usd(30), usd(20)])
  expect((await readEntries(world.db, from)).at(-1)).toMatchObject({
    kind: "transfer",
    amountNanos: -usd(20),
    causeId: transferId,
    detail: "To MEMBER of the test",
  })
  expect((await readEntries(world.db, to)).at(-1)).toMatchObject({
    kind: "transfer",
    amountNanos: usd(20),
    causeId: transferId,
    detail: "From OWNER of the test",
  })
  expect(await readPool(world.db, to)).toMatchObject({ lifetimeAddedNanos: 0n })
  for (const pool of [from, to])
    expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
})

test("only bought credits move, whatever else the pool has", async () => {
  await credit(world.db, from, usd(7), { source: "included", expiresAt: new Date(Date.now() + 1e8) })
  await credit(world.db, from, usd(3))
  await buy(world.db, from, usd(5))
  await buy(world.db, from, usd(6), { kind: "auto_top_up" })
  await expect(move(usd(12))).rejects.toThrow("Only $11.00 of bought credits can be moved.")
  expect(await move("all")).toMatchObject({ amountNanos: usd(11) })
  expect(await readGrants(world.db, from)).toMatchObject([
    { kind: "included", remainingNanos: usd(7) },
    { kind: "promotion", remainingNanos: usd(3) },
    { kind: "purchase", remainingNanos: 0n },
    { kind: "auto_top_up", remainingNanos: 0n },
  ])
})

test("what holds set aside stays as far as nothing else covers it", async () => {
  await buy(world.db, from, usd(10))
  await credit(world.db, from, usd(1))
  const meter = await nanoMeter(world.db, team.id, "llm_tokens")
  await sql.query(
    "SELECT ledger_open_hold($1, uuidv7(), $2, $3, 1, $4, 'hold', 'print', now(), now() + interval '1 hour')",
    [team.id, from.poolId, meter.no, usd(4)],
  )
  expect(await move("all")).toMatchObject({ amountNanos: usd(7) })
  expect(await readPool(world.db, from)).toMatchObject({ creditsNanos: usd(4), heldNanos: usd(4) })
})

test.each([
  ["an empty pool", async () => {}],
  ["a pool in debt", () => fallIntoDebt(world.db, from, usd(3))],
  ["a pool with promotions only", () => credit(world.db, from, usd(3)).then(() => {})],
])("%s has nothing to move", async (_, prepare) => {
  await prepare()
  const before = await balances()
  await expect(move(1n)).rejects.toThrow("There are no bought credits to move.")
  expect((await move("all")).amountNanos).toBe(0n)
  expect(await balances()).toEqual(before)
  expect(await world.db.transfer.count({ where: { teamId: team.id } })).toBe(0)
})

test("what comes to a pool in debt repays that first", async () => {
  await fallIntoDebt(world.db, to, usd(3))
  await buy(world.db, from, usd(10))
  await move(usd(5))
  expect(await readPool(world.db, to)).toMatchObject({ creditsNanos: usd(2), debtNanos: 0n })
})

test("moved credits are spent like others, and a refund of the purchase is taken where it was bought", async () => {
  const payment = await buy(world.db, from, usd(10))
  await move("all")
  await consume(world.db, to, usd(4))
  await report(world.db, await refundOf(world.db, payment, usd(10)))
  expect(await balances()).toEqual([-usd(10), usd(6)])
  for (const pool of [from, to])
    expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
})

test("twenty transfers at once, both ways, lose and invent nothing", async () => {
  await buy(world.db, from, usd(30))
  await buy(world.db, to, usd(30))
  const moves = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? move(usd(7)) : move(usd(7), { fromPoolId: to.poolId, toPoolId: from.poolId }),
    ),
  )
  const refused = moves.filter(({ status }) => status === "rejected")
  for (const each of refused) expect(String(Reflect.get(each, "reason"))).toContain("bought credits")
  const [left = 0n, right = 0n] = await balances()
  expect(left + right).toBe(usd(60))
  expect(await world.db.transfer.count({ where: { teamId: team.id } })).toBe(20 - refused.length)
})

test("no credits leave the team", async () => {
  const other = await createTestTeam(world.db)
  await buy(world.db, from, usd(10))
  await expect(move(usd(5), { toPoolId: other.owner.poolId })).rejects.toThrow()
  expect(await balances()).toEqual([usd(10), 0n])
})

test("a pool that a transfer empties is told as low, and is not due for a top-up", async () => {
  await buy(world.db, from, usd(10))
  await consume(world.db, from, 1n)
  await move("all")
  expect(await readPool(world.db, from)).toMatchObject({ isLow: true, isDepleted: true })
  const jobs = await world.db.$queryRaw<{ key: string }[]>`
    SELECT key FROM graphile_worker.jobs WHERE key LIKE ${`tell-balance:${from.poolId}:%`} ORDER BY key`
  expect(jobs).toHaveLength(2)
})

describe("the database", () => {
  const transfer = (id: string, amount: bigint | null, more: { to?: string } = {}) =>
    sql.query("SELECT * FROM ledger_transfer($1, $2, $3, $4, $5, 'by_owner', NULL, 'a', 'b', now())", [
      team.id,
      id,
      from.poolId,
      more.to ?? to.poolId,
      amount,
    ])

  test("makes a transfer once, and refuses another in its name", async () => {
    await buy(world.db, from, usd(10))
    const id = newId()
    for (let time = 0; time < 2; time++) await transfer(id, usd(2))
    expect(await balances()).toEqual([usd(8), usd(2)])
    await expect(transfer(id, usd(3))).rejects.toThrow("moved something else")
  })

  test.each([
    ["more than there is", usd(11), {}, "has less to move"],
    ["nothing", 0n, {}, "moves more than nothing"],
    ["a negative amount", -1n, {}, "moves more than nothing"],
    ["to itself", 1n, { own: true }, "to another pool"],
  ])("refuses to move %s", async (_, amount, { own }: { own?: boolean }, sentence) => {
    await buy(world.db, from, usd(10))
    await expect(transfer(newId(), amount, own ? { to: from.poolId } : {})).rejects.toThrow(sentence)
  })

  test("keeps transfers, and takes them from the ledger only", async () => {
    await buy(world.db, from, usd(10))
    const id = newId()
    await transfer(id, usd(2))
    await expect(
      sql.query(
        "INSERT INTO transfers (team_id, from_pool_id, to_pool_id, amount_nanos, reason) VALUES ($1, $2, $3, 1, 'by_owner')",
        [team.id, from.poolId, to.poolId],
      ),
    ).rejects.toThrow("by the ledger's functions only")
    await expect(sql.query("UPDATE transfers SET amount_nanos = 1 WHERE id = $1", [id])).rejects.toThrow(
      "are kept",
    )
    await expect(sql.query("DELETE FROM transfers WHERE id = $1", [id])).rejects.toThrow("are kept")
  })
})
