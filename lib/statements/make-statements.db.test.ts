import fc from "fast-check"
import type { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { consume, credit, readEntries, type TestPool, usd } from "@/dev/testing/ledger"
import { ModelPair } from "@/dev/testing/models/model-pair"
import { MODEL_METERS } from "@/dev/testing/models/model-pool"
import { anyStep } from "@/dev/testing/models/model-steps"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { connect, testSql } from "@/dev/testing/sql"
import { makeAt, writeAt } from "@/dev/testing/statements"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { transferCredits } from "@/lib/transfers/transfer-credits"
import { beginOf, endOf } from "./month"
import { getStatement, listStatements } from "./queries"
import { MOVEMENTS, type Statement } from "./statement"
import { sweepStatements } from "./sweep-statements"

const world = testDatabase()
const sql = testSql(world)
let client: Client

beforeAll(async () => {
  client = await connect(world)
})
afterAll(() => client.end())

const at = (text: string) => new Date(`${text}Z`)

async function readAll(teamId: string): Promise<Statement[]> {
  const heads = await listStatements(world.db, teamId, { limit: 100 })
  const read = heads.map(({ id }) => getStatement(world.db, teamId, { id }))
  return (await Promise.all(read)).flatMap((each) => each ?? []).reverse()
}

const poolNo = async ({ teamId, poolId }: TestPool) =>
  (await world.db.pool.findUniqueOrThrow({ where: { teamId_id: { teamId, id: poolId } } })).no

/** Gives a pool entries that were written at these times. */
async function entriesAt(team: TestTeam, times: string[]): Promise<TestPool> {
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  for (const _ of times) await credit(world.db, pool, usd(1))
  await writeAt(client, { teamId: team.id, poolNo: await poolNo(pool) }, (seq) => at(times[seq - 1] ?? ""))
  return pool
}

/** The first and last moments of months among others, from a November to the end of a leap year's February. */
const TIMES = [
  ...[
    "2027-11-01T00:00:00.000",
    "2027-11-30T23:59:59.999",
    "2027-12-01T00:00:00.000",
    "2027-12-31T23:59:59.999",
  ],
  ...[
    "2028-01-01T00:00:00.000",
    "2028-01-17T12:00:00.000",
    "2028-02-28T23:59:59.999",
    "2028-02-29T00:00:00.000",
  ],
  ...[
    "2028-02-29T23:59:59.999",
    "2028-03-01T00:00:00.000",
    "2028-03-26T01:30:00.000",
    "2028-04-02T08:00:00.000",
  ],
].map(at)

/** Adds up a month of a pool by its entries alone. */
async function expected(pool: TestPool, month: string) {
  const entries = await readEntries(world.db, pool)
  const meters = await world.db.meter.findMany({ where: { teamId: pool.teamId } })
  const until = entries.filter(({ createdAt }) => createdAt < endOf(month))
  const own = until.filter(({ createdAt }) => createdAt >= beginOf(month))
  const balanceAt = (bucket: string, before: Date) =>
    until.filter((entry) => entry.bucket === bucket && entry.createdAt < before).at(-1)?.balanceAfterNanos ??
    0n
  const sum = (list: typeof entries, read: (entry: (typeof entries)[number]) => bigint) =>
    list.reduce((total, entry) => total + read(entry), 0n)
  const balance = (bucket: "included" | "credits") => ({
    openingNanos: balanceAt(bucket, beginOf(month)),
    closingNanos: balanceAt(bucket, endOf(month)),
    moved: Object.fromEntries(
      MOVEMENTS.map((kind) => [
        kind,
        sum(
          own.filter((entry) => entry.bucket === bucket && entry.kind === kind),
          ({ amountNanos }) => amountNanos,
        ),
      ]),
    ),
  })
  const used = meters.map(({ no, consumable }) => {
    const records = own.filter(({ kind, meterNo }) => kind === "consumption" && meterNo === no)
    const cost = (bucket: string) =>
      -sum(
        records.filter((entry) => entry.bucket === bucket),
        ({ amountNanos }) => amountNanos,
      )
    return {
      consumable,
      records: BigInt(records.filter(({ quantity }) => quantity !== null).length),
      quantity: sum(records, ({ quantity }) => quantity ?? 0n),
      allowanceQuantity: sum(records, ({ allowanceQuantity }) => allowanceQuantity ?? 0n),
      includedNanos: cost("included"),
      creditsNanos: cost("credits"),
    }
  })
  return {
    credits: balance("credits"),
    included: balance("included"),
    used: used.filter(({ records }) => records > 0n),
  }
}

test("whatever happened, every month ties to the ledger to the nano, and to its payments to the cent", async () => {
  const anyStory = fc.array(anyStep, { minLength: 8, maxLength: 16 })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(anyStory, anyStory),
      fc.infiniteStream(fc.nat({ max: 2 })),
      async (stories, gaps) => {
        const { team, pools } = await play(stories)
        for (const pool of pools) {
          let place = 0
          await writeAt(client, { teamId: team.id, poolNo: await poolNo(pool) }, () => {
            // The same moment as the entry before, or the next of the list.
            const time = TIMES[place] ?? at("2028-04-03T00:00:00")
            if ((gaps.next().value ?? 0) === 0) place++
            return time
          })
        }
        await makeAt(world.db, team, at("2028-04-01T00:10:00"))
        const statements = await readAll(team.id)
        const months = statements.map(({ month }) => month)
        expect(months).toEqual(
          ["2027-11", "2027-12", "2028-01", "2028-02", "2028-03"].slice(0, months.length),
        )
        expect(months).toHaveLength(5)
        for (const [index, { month, no, pools: listed }] of statements.entries()) {
          expect(no).toBe(index + 1)
          for (const { poolId, credits, included, used, payments } of listed) {
            const wanted = await expected({ teamId: team.id, poolId }, month)
            expect({ credits, included }).toEqual({ credits: wanted.credits, included: wanted.included })
            expect(used.map(({ consumable }) => consumable).sort()).toEqual(
              wanted.used.map(({ consumable }) => consumable).sort(),
            )
            for (const line of wanted.used)
              expect(used.find(({ consumable }) => consumable === line.consumable)).toMatchObject(line)
            const before = statements[index - 1]?.pools.find((each) => each.poolId === poolId)
            expect(credits.openingNanos).toBe(before?.credits.closingNanos ?? 0n)
            const paid = payments.filter(({ kind }) => kind === "purchase" || kind === "auto_top_up")
            const sum = paid.reduce((total, { amountNanos }) => total + amountNanos, 0n)
            expect(sum).toBe(credits.moved.purchase + credits.moved.auto_top_up)
            expect(
              paid.every(
                (line) => line.amountNanos % 10_000_000n === 0n && line.paymentId?.startsWith("pi_"),
              ),
            ).toBe(true)
            for (const kind of MOVEMENTS)
              if (credits.moved[kind] !== 0n || included.moved[kind] !== 0n) seen.add(kind)
            if (credits.closingNanos < 0n) seen.add("debt")
          }
        }
      },
    ),
    { numRuns: Number(process.env.MODEL_RUNS ?? 3), endOnFailure: true },
  )
  // Whether the stories had everything is chance with few of them; what every run has to have is little.
  expect([...seen]).toEqual(expect.arrayContaining(["consumption", "included_grant", "transfer", "purchase"]))
}, 120_000)

/** Plays a story in each of two pools, and moves credits from one to the other at the end. */
async function play(stories: Parameters<ModelPair["perform"]>[0][][]) {
  const team = await createTestTeam(world.db)
  await world.db.meter.createMany({
    data: MODEL_METERS.map(({ consumable, decimals, rate }, index) => ({
      ...{ teamId: team.id, no: index + 1, consumable, decimals, rateNanos: rate, trigger: "api_key" },
    })),
  })
  const { meteringVersion } = await world.db.team.findUniqueOrThrow({ where: { id: team.id } })
  const pools = [team.owner, team.admin].map(({ poolId }) => ({ teamId: team.id, poolId }))
  for (const [index, pool] of pools.entries()) {
    const pair = new ModelPair(world.db, client, pool, meteringVersion)
    await pair.perform({ do: "buy", cents: 500, taxCents: 0 })
    for (const step of stories[index] ?? []) await pair.perform(step)
    // Enough for entries until the end, and something to move that no debt takes.
    for (let n = 0; n < 4; n++) await pair.perform({ do: "buy", cents: 1_000, taxCents: 87 })
  }
  await world.db.$transaction((tx) =>
    transferCredits(
      tx,
      {
        ...{ teamId: team.id, fromPoolId: team.owner.poolId, toPoolId: team.admin.poolId },
        ...{ amountNanos: "all" as const, reason: "by_owner" as const, madeByMemberId: null },
      },
      new Date("2130-01-01T00:00:00Z"),
    ),
  )
  return { team, pools }
}

test("missed months are made up for over a year’s end and February 29th, each with the next number", async () => {
  const team = await createTestTeam(world.db)
  await entriesAt(team, ["2027-11-30T23:59:59.999", "2028-02-29T23:59:59.999", "2028-03-01T00:00:00"])
  // Ten minutes after a month it may be made, and not before.
  await makeAt(world.db, team, at("2027-12-01T00:09:59"))
  expect(await readAll(team.id)).toEqual([])
  await makeAt(world.db, team, at("2028-03-01T00:10:00"))
  const statements = await readAll(team.id)
  expect(statements.map(({ month, no, pools: [pool] }) => [month, no, pool?.credits.closingNanos])).toEqual([
    ["2027-11", 1, usd(1)],
    ["2027-12", 2, usd(1)],
    ["2028-01", 3, usd(1)],
    ["2028-02", 4, usd(2)],
  ])
})

test("a statement never changes, and what is written late is in the next one", async () => {
  const team = await createTestTeam(world.db)
  const pool = await entriesAt(team, ["2027-11-10T00:00:00"])
  await makeAt(world.db, team, at("2027-12-01T00:10:00"))
  const [november] = await readAll(team.id)
  // An entry with a time in November that was committed after its statement.
  const payment = await buy(world.db, pool, usd(3))
  await report(world.db, await refundOf(world.db, payment, usd(3)))
  const no = await poolNo(pool)
  await writeAt(client, { teamId: team.id, poolNo: no }, () => at("2027-11-30T23:59:59"))
  await world.db.team.update({ where: { id: team.id }, data: { name: "Another name" } })
  await makeAt(world.db, team, at("2028-01-01T00:10:00"))
  const [before, december] = await readAll(team.id)
  expect(before).toEqual(november)
  expect(december?.pools[0]?.credits).toMatchObject({ openingNanos: usd(1), closingNanos: usd(1) })
  expect(december?.pools[0]?.credits.moved).toMatchObject({ purchase: usd(3), refund: -usd(3) })
  expect(december?.pools[0]?.payments.map(({ kind, amountNanos }) => [kind, amountNanos])).toEqual([
    ["purchase", usd(3)],
    ["refund", -usd(3)],
  ])
  for (const table of ["statements", "statement_balances", "statement_usage", "statement_payments"]) {
    await expect(sql.query(`UPDATE ${table} SET team_id = team_id`)).rejects.toThrow(
      "a statement never changes",
    )
    await expect(sql.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow("a statement never changes")
  }
  await expect(sql.query("DELETE FROM statement_payments")).rejects.toThrow("a statement never changes")
})

test("the database refuses a statement whose lines don’t add up to the ledger’s balance", async () => {
  const team = await createTestTeam(world.db)
  await entriesAt(team, ["2027-11-10T00:00:00"])
  await makeAt(world.db, team, at("2027-12-01T00:10:00"))
  await expect(
    sql.inTransaction(async (run) => {
      await run(
        "CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM statement_balances WHERE team_id = $1",
        [team.id],
      )
      await run("UPDATE copied SET pool_no = pool_no + 100, expiry_nanos = expiry_nanos - 1")
      await run("INSERT INTO statement_balances SELECT * FROM copied")
    }),
  ).rejects.toThrow("statement_balances_add_up")
})

test("four workers at once write each month once, and tell of it once", async () => {
  const team = await createTestTeam(world.db)
  await entriesAt(team, ["2027-09-10T00:00:00", "2027-10-10T00:00:00", "2027-11-10T00:00:00"])
  const now = at("2027-12-01T00:10:00")
  await Promise.all(Array.from({ length: 4 }, () => makeAt(world.db, team, now)))
  expect((await readAll(team.id)).map(({ month, no }) => [month, no])).toEqual([
    ["2027-09", 1],
    ["2027-10", 2],
    ["2027-11", 3],
  ])
  const jobs = await sql.query(
    "SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'mail-statement' AND key LIKE 'mail-statement:%' AND id IN (SELECT id FROM graphile_worker._private_jobs WHERE payload ->> 'teamId' = $1)",
    [team.id],
  )
  // A first run tells of the last month alone.
  expect(jobs).toHaveLength(1)
  const told = await world.db.notification.findMany({
    where: { teamId: team.id, type: "credit_statement_ready" },
  })
  expect(told.map(({ data }) => (data as { number: string }).number)).toEqual(["ST-2027-11-0003"])
})

test("a month that was missed is told when it is made up for, unless it is long ago or nothing happened", async () => {
  const team = await createTestTeam(world.db)
  await entriesAt(
    team,
    ["2027-08", "2027-09", "2027-10", "2027-12"].map((month) => `${month}-10T00:00:00`),
  )
  await makeAt(world.db, team, at("2027-09-01T00:10:00"))
  await makeAt(world.db, team, at("2027-12-10T00:00:00"))
  await makeAt(world.db, team, at("2028-01-10T00:00:00"))
  const told = await world.db.notification.findMany({ where: { teamId: team.id } })
  expect(told.map(({ data }) => (data as { month: string }).month).sort()).toEqual([
    "2027-08",
    "2027-10",
    "2027-12",
  ])
})

test("the sweep asks for each team that lacks the month, once nothing of the month is being written any more", async () => {
  const [late, made, fresh] = [
    await createTestTeam(world.db),
    await createTestTeam(world.db),
    await createTestTeam(world.db),
  ]
  for (const team of [late, made]) await entriesAt(team, ["2127-11-10T00:00:00"])
  await entriesAt(fresh, ["2127-12-01T00:00:00"])
  // Far ahead, so that the transaction below always began before the month's end.
  const now = at("2127-12-01T01:00:00")
  await makeAt(world.db, made, now)
  const waiting = async () => {
    const rows = await sql.query(
      "SELECT payload ->> 'teamId' AS id FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id AND t.identifier = 'make-statements'",
    )
    return rows.map(({ id }) => id).filter((id) => [late.id, made.id, fresh.id].includes(String(id)))
  }
  // A transaction of the month that has written and isn't committed.
  await client.query("BEGIN")
  await client.query("SELECT pg_current_xact_id()")
  await sweepStatements({ db: world.db, now })
  expect(await waiting()).toEqual([])
  await client.query("COMMIT")
  await sweepStatements({ db: world.db, now })
  expect(await waiting()).toEqual([late.id])
})

test("people and things are called as they were then, and who is gone a former member", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(5))
  await consume(world.db, pool, 1_234_567n)
  const no = await poolNo(pool)
  const meter = await world.db.meter.findFirstOrThrow({ where: { teamId: team.id } })
  await sql.damage("UPDATE meters SET member_id = $2, consumable = 'telegrams' WHERE team_id = $1", [
    team.id,
    team.member.memberId,
  ])
  expect(meter.memberId).toBeNull()
  await writeAt(client, { teamId: team.id, poolNo: no }, (seq) =>
    at(seq === 1 ? "2027-11-02T00:00:00" : "2027-12-02T00:00:00"),
  )
  await makeAt(world.db, team, at("2027-12-02T00:00:00"))
  await sql.damage("UPDATE members SET user_id = uuidv7() WHERE team_id = $1", [team.id])
  await makeAt(world.db, team, at("2028-01-02T00:00:00"))
  const [november, december] = await readAll(team.id)
  expect(november?.pools[0]).toMatchObject({ holderName: "OWNER of the test", used: [] })
  expect(december?.pools[0]).toMatchObject({
    holderName: "Former member",
    used: [
      {
        consumable: "telegrams",
        consumableName: "telegrams",
        memberName: "Former member",
        creditsNanos: 1_234_567n,
      },
    ],
  })
})
