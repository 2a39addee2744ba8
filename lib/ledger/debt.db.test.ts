import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, nanoMeter, readGrants, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { openHold } from "@/lib/metering/open-hold"
import { NANOS_PER_CENT } from "@/lib/money/usd"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  const payment = await buy(world.db, pool, usd(10))
  await consume(world.db, pool, usd(9))
  await report(world.db, await refundOf(world.db, payment, usd(10)))
})

test("a refund of more than is left becomes explicit debt", async () => {
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(9), debtNanos: usd(9) })
  expect(await readGrants(world.db, pool)).toEqual([{ kind: "purchase", remainingNanos: 0n }])
})

test("a credit repays debt before anything can be used", async () => {
  await credit(world.db, pool, usd(4))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(5), debtNanos: usd(5) })
  expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
  await credit(world.db, pool, usd(7))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(2), debtNanos: 0n })
  expect(await consume(world.db, pool, usd(2))).toMatchObject({ enough: true })
})

test("included credits neither repay debt nor may be used before it is repaid", async () => {
  await credit(world.db, pool, usd(20), {
    source: "included",
    expiresAt: new Date(Date.now() + 60_000),
  })
  expect(await readPool(world.db, pool)).toMatchObject({ debtNanos: usd(9), includedNanos: usd(20) })
  expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
})

describe("less than a cent of debt", () => {
  const included = 5_000n
  let metering: ReturnType<typeof meterings.start>

  beforeEach(async () => {
    metering = meterings.start()
    const team = await createTestTeam(world.db)
    pool = { teamId: team.id, poolId: team.owner.poolId }
    const payment = await buy(world.db, pool, usd(1))
    await consume(world.db, pool, 1_000n)
    await report(world.db, await refundOf(world.db, payment, usd(1)))
    await credit(world.db, pool, included, { source: "included", expiresAt: new Date(Date.now() + HOUR_MS) })
    expect(await readPool(world.db, pool)).toMatchObject({ debtNanos: 1_000n, includedNanos: included })
  })

  const hold = (quantity: bigint) =>
    openHold(
      metering,
      pool.teamId,
      {
        key: null,
        consumable: "llm_tokens",
        quantity,
        cause: { trigger: "api_key", user: null, apiKeyId: null },
        lifeMs: HOUR_MS,
        authorise: () => undefined,
      },
      new Date(),
    )

  test("leaves what the plan includes to be used, less that debt", async () => {
    expect(await consume(world.db, pool, included - 999n)).toMatchObject({ enough: false })
    expect(await consume(world.db, pool, included - 1_000n)).toMatchObject({
      enough: true,
      includedNanos: included - 1_000n,
    })
    expect(await readPool(world.db, pool)).toMatchObject({ debtNanos: 1_000n, includedNanos: 1_000n })
  })

  test("refuses no hold of what the allowance pays, or of what is left", async () => {
    // The plan's period begins with the hold and brings its allowance.
    expect((await hold(1n)).hold.amountNanos).toBe(0n)
    const { includedNanos } = await readPool(world.db, pool)
    const query = (amount: bigint) =>
      sql.query(
        "SELECT ledger_open_hold($1, uuidv7(), $2, $3, 1, $4, uuidv7()::text, 'print', now(), now() + interval '1 hour')",
        [pool.teamId, pool.poolId, meterNo, amount],
      )
    const { no: meterNo } = await nanoMeter(world.db, pool.teamId, "llm_tokens")
    await expect(query(includedNanos - 999n)).rejects.toThrow("holds too little")
    await query(includedNanos - 1_000n)
    // No credits are left to pay with, and the allowance still pays.
    expect((await hold(1n)).hold.amountNanos).toBe(0n)
  })

  test("with nothing left, refuses no hold of what the allowance pays", async () => {
    const team = await createTestTeam(world.db, { plan: "free" })
    pool = { teamId: team.id, poolId: team.owner.poolId }
    const payment = await buy(world.db, pool, usd(1))
    await consume(world.db, pool, 1_000n)
    await report(world.db, await refundOf(world.db, payment, usd(1)))
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -1_000n, includedNanos: 0n })
    expect((await hold(1n)).hold.amountNanos).toBe(0n)
  })
})

test("a cent of debt refuses all of it", async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  const payment = await buy(world.db, pool, usd(1))
  await consume(world.db, pool, NANOS_PER_CENT)
  await report(world.db, await refundOf(world.db, payment, usd(1)))
  await credit(world.db, pool, usd(5), { source: "included", expiresAt: new Date(Date.now() + HOUR_MS) })
  expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
})

test("twenty credits at once repay the debt once", async () => {
  await Promise.all(Array.from({ length: 20 }, () => credit(world.db, pool, usd(1))))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(11), debtNanos: 0n })
})

test("a balance below its debt is refused", async () => {
  await expect(
    sql.writeAsLedger([
      "UPDATE pools SET credits_nanos = credits_nanos - 5 WHERE team_id = $1 AND id = $2",
      [pool.teamId, pool.poolId],
    ]),
  ).rejects.toThrow("pools_debt_is_the_only_negative")
})
