import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { credit, readEntries, readPool, usd } from "@/dev/testing/ledger"
import { findLedgerFaults } from "@/dev/testing/ledger-holds"
import { createPayingTeam, memoryOf, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { type Answer, answerTo, usageOf } from "@/dev/testing/metering-usage"
import { fallIntoDebt } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"
import type { PoolState } from "@/lib/ledger/pool-state"
import { reportUsage } from "./report-usage"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)

const paid = (answers: Answer[]) => answers.filter((answer) => "receipt" in answer)
const refusals = (answers: Answer[]) =>
  answers.flatMap((answer) => ("refused" in answer ? [answer.refused] : []))

test("exactly as many of 1,000 simultaneous spends from four processes are paid as the balance covers", async () => {
  const { team, pool } = await createPayingTeam(world, usd(5))
  const processes = meterings.startMany(4)
  const answers = await Promise.all(
    processes.flatMap((metering) =>
      Array.from({ length: 250 }, () => answerTo(metering, team.id, usageOf())),
    ),
  )
  expect(paid(answers)).toHaveLength(Number(usd(5) / SMS_NANOS))
  expect(new Set(refusals(answers))).toEqual(new Set(["insufficient_credits"]))
  expect(await readPool(world.db, pool)).toMatchObject({
    creditsNanos: usd(5) % SMS_NANOS,
    lifetimeSpentNanos: usd(5) - (usd(5) % SMS_NANOS),
  })
  for (const { balanceAfterNanos } of await readEntries(world.db, pool))
    expect(balanceAfterNanos).toBeGreaterThanOrEqual(0n)
})

test("spends one by one from four processes, each after the other’s answer, are all paid or refused alike", async () => {
  const { team } = await createPayingTeam(world, 25n * SMS_NANOS)
  const processes = meterings.startMany(4)
  const answers = (
    await Promise.all(
      processes.map(async (metering) => {
        const own: Answer[] = []
        for (let n = 0; n < 10; n++) own.push(await answerTo(metering, team.id, usageOf()))
        return own
      }),
    )
  ).flat()
  expect(paid(answers)).toHaveLength(25)
  expect(refusals(answers)).toHaveLength(15)
})

test("three real processes with overlapping keys are paid once a key, as far as the balance goes", async () => {
  const { team, pool } = await createPayingTeam(world, 80n * SMS_NANOS)
  const tsx = createRequire(import.meta.url).resolve("tsx/cli")
  const spend = async (first: number) => {
    const args = [tsx, "dev/testing/processes/spend-process.ts", team.id, String(first), "60"]
    const env = { ...process.env, DATABASE_URL: world.databaseUrl }
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    return JSON.parse(stdout) as Record<string, { receipt: unknown } | { refused: string }>
  }
  // Keys 0 to 99. Sixty of them are requested by two processes or all three, and twenty can't be paid.
  const answers = await Promise.all([0, 20, 40].map(spend))
  const entries = (await readEntries(world.db, pool)).filter(({ usageKey }) => usageKey !== null)
  expect(entries).toHaveLength(80)
  expect((await readPool(world.db, pool)).creditsNanos).toBe(0n)
  const outcomes = Array.from({ length: 100 }, (_, n) =>
    answers.flatMap((all) => {
      const answer = all[`key-${n}`]
      return answer ? ["receipt" in answer ? answer.receipt : answer.refused] : []
    }),
  )
  for (const [first, ...more] of outcomes) expect(more).toEqual(more.map(() => first))
  const paidFor = outcomes.filter(([first]) => first !== "insufficient_credits")
  expect(paidFor).toHaveLength(80)
  expect(paidFor.filter((given) => given.length > 1).length).toBeGreaterThanOrEqual(40)
})

test("every reader sees totals, entries, grants and days that agree, while three processes spend", async () => {
  const { team } = await createPayingTeam(world, usd(10))
  let isRunning = true
  const read = async () => {
    let reads = 0
    while (isRunning) {
      expect(await findLedgerFaults(world.db)).toEqual([])
      reads += 1
    }
    return reads
  }
  const spend = async () => {
    for (const round of [1, 2, 3, 4])
      await Promise.all(
        meterings
          .startMany(3)
          .flatMap((metering) =>
            Array.from({ length: 40 * round }, () => answerTo(metering, team.id, usageOf())),
          ),
      )
    isRunning = false
  }
  const [reads] = await Promise.all([read(), spend()])
  expect(reads).toBeGreaterThan(3)
})

test("flushes of many pools from two processes, in opposite orders, lock nobody out", async () => {
  const { team } = await createPayingTeam(world, usd(50))
  const people = [team.owner, team.admin, team.member]
  for (const { poolId } of [team.admin, team.member])
    await credit(world.db, { teamId: team.id, poolId }, usd(50))
  const [first, second] = [meterings.start(), meterings.start()]
  const by = (email: string) => usageOf({ cause: { trigger: "user", user: email, apiKeyId: null } })
  for (let round = 0; round < 15; round++) {
    const answers = await Promise.all([
      ...people.flatMap(({ email }) => [1, 2, 3].map(() => answerTo(first, team.id, by(email)))),
      ...people
        .toReversed()
        .flatMap(({ email }) => [1, 2, 3].map(() => answerTo(second, team.id, by(email)))),
    ])
    expect(refusals(answers)).toEqual([])
  }
  for (const { poolId } of people)
    expect(await readPool(world.db, { teamId: team.id, poolId })).toMatchObject({
      creditsNanos: usd(50) - 90n * SMS_NANOS,
    })
})

describe("a process that remembers wrongly", () => {
  test.each<[string, (state: PoolState) => void]>([
    [
      "that there is more than there is",
      (state) => {
        state.creditsNanos += usd(100)
        for (const lot of state.lots) lot.leftNanos += usd(100)
      },
    ],
    [
      "an allowance that the plan doesn’t give",
      (state) => {
        state.allowances.set("sms", 1_000_000n)
      },
    ],
    [
      "a grant that isn’t there",
      (state) => {
        state.creditsNanos += usd(100)
        const [lot] = state.lots
        if (lot) state.lots.unshift({ ...lot, grantId: crypto.randomUUID(), no: 99, leftNanos: usd(100) })
      },
    ],
    [
      "a later revision",
      (state) => {
        state.revision += 5n
        state.creditsNanos += usd(100)
        for (const lot of state.lots) lot.leftNanos += usd(100)
      },
    ],
  ])("%s is corrected by the database: refused what isn’t covered, paid what is", async (_, change) => {
    const { team, pool } = await createPayingTeam(world, 3n * SMS_NANOS)
    const metering = meterings.start()
    await reportUsage(metering, team.id, usageOf())
    const state = memoryOf(metering, team.id).get(pool.poolId)
    if (!state) throw new Error("The pool was just spent from")
    change(state)
    expect(await answerTo(metering, team.id, usageOf({ quantity: 3n }))).toEqual({
      refused: "insufficient_credits",
    })
    expect(await answerTo(metering, team.id, usageOf({ quantity: 2n }))).toMatchObject({
      receipt: { costNanos: 2n * SMS_NANOS, balanceNanos: 0n },
    })
  })

  test("that nothing is held spends nothing of what is", async () => {
    const { team, pool } = await createPayingTeam(world, 10n * SMS_NANOS)
    await reportUsage(meterings.start(), team.id, usageOf())
    await openHold(pool, 7n * SMS_NANOS)
    // A process that was never too late for this pool, and so doesn't look under the lock.
    const metering = meterings.start()
    await reportUsage(metering, team.id, usageOf())
    const state = memoryOf(metering, team.id).get(pool.poolId)
    expect(state?.heldNanos).toBe(7n * SMS_NANOS)
    if (state) state.heldNanos = 0n
    expect(await answerTo(metering, team.id, usageOf({ quantity: 2n }))).toEqual({
      refused: "insufficient_credits",
    })
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: 8n * SMS_NANOS })
  })

  test("that there is no debt spends no included credits", async () => {
    const { team, pool } = await createPayingTeam(world, 10n * SMS_NANOS)
    await fallIntoDebt(world.db, pool, 10n * SMS_NANOS)
    const expiresAt = new Date(Date.now() + 3_600_000)
    await credit(world.db, pool, usd(5), { source: "included", expiresAt })
    const metering = meterings.start()
    expect(await answerTo(metering, team.id, usageOf())).toEqual({ refused: "insufficient_credits" })
    const state = memoryOf(metering, team.id).get(pool.poolId)
    expect(state?.debtNanos).toBe(10n * SMS_NANOS)
    if (state) Object.assign(state, { debtNanos: 0n, creditsNanos: 0n })
    expect(await answerTo(metering, team.id, usageOf())).toEqual({ refused: "insufficient_credits" })
    expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(5) })
  })
})

async function openHold({ teamId, poolId }: { teamId: string; poolId: string }, amountNanos: bigint) {
  await sql.query(
    `SELECT ledger_open_hold($1, uuidv7(), $2, (SELECT min(no) FROM meters WHERE team_id = $1), 1, $3, 'hold', 'print', now(),
       now() + interval '1 hour')`,
    [teamId, poolId, amountNanos],
  )
}
