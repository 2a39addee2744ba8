import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { credit, readEntries, readGrants, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { memberCtx } from "@/dev/testing/members"
import { SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { beginPeriod } from "@/lib/billing/renew-pool"
import { fallBack, returnPeriod, withholdPeriod } from "@/lib/billing/withhold-period"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { isPassingFailure } from "@/lib/db/failures"
import { queryIn } from "@/lib/db/query"
import { AppError } from "@/lib/errors"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { getFigures } from "@/lib/ledger/queries"
import { saveLimit } from "@/lib/limits/save-limit"
import { sweepLeftCredits } from "@/lib/members/move-left-credits"
import { removeMember } from "@/lib/members/remove-member"
import type { Metering } from "./metering"
import { openHold } from "./open-hold"
import { reportUsage, type UsageReport } from "./report-usage"
import { type ReversalAnswer, type ReversalRequest, reverseUsage } from "./reverse-usage"
import { captureHold } from "./settle-hold"

const world = testDatabase()
const meterings = testMetering(world)
let team: TestTeam
let pool: TestPool
let metering: Metering

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  pool = { teamId: team.id, poolId: team.owner.poolId }
  metering = meterings.start()
})

const later = (ms: number) => new Date(Date.now() + ms)
const use = (usage: Partial<UsageReport> = {}) => reportUsage(metering, team.id, usageOf(usage))

type Asked = Partial<ReversalRequest> & { quantity?: bigint; by?: Metering; now?: Date }
/** Does it, and again while too many wait for the pool, as a program does. Only for what takes effect once. */
async function insist<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;)
    try {
      return await work()
    } catch (error) {
      if (!isPassingFailure(error)) throw error
    }
}
async function reverse({
  quantity,
  by = metering,
  now = new Date(),
  ...asked
}: Asked): Promise<ReversalAnswer> {
  const request = {
    requestKey: randomUUID(),
    record: { key: "usage" },
    readQuantity: quantity === undefined ? null : () => quantity,
    reason: "Metered twice",
    apiKeyId: null,
    authorise: () => undefined,
    ...asked,
  }
  return insist(() => reverseUsage(by, team.id, request, now))
}
/** Returns what came back, or the code of the refusal. */
const tryReverse = (asked: Asked) =>
  reverse(asked).then(
    ({ reversal }) => reversal,
    (error) => {
      if (error instanceof AppError) return error.code
      throw error
    },
  )
/** The pool with its grants, and what was used of it. */
const state = async () => {
  const { creditsNanos, includedNanos, debtNanos, lifetimeSpentNanos } = await readPool(world.db, pool)
  const allowances = await world.db.allowance.findMany({
    where: { ...pool, used: { gt: 0n } },
    select: { consumable: true, used: true },
  })
  const days = await world.db.usageDay.findMany({
    where: pool,
    select: { quantity: true, allowanceQuantity: true, includedNanos: true, creditsNanos: true },
  })
  const used = days.filter(({ quantity }) => quantity > 0n)
  const figures = { creditsNanos, includedNanos, debtNanos, lifetimeSpentNanos }
  return { ...figures, grants: await readGrants(world.db, pool), allowances, used }
}
const balance = async () => (await readPool(world.db, pool)).creditsNanos

test("whatever the parts, all of them return what the record took to the nano, each to its grant, the last drawn first", async () => {
  const expiresAt = later(HOUR_MS)
  await credit(world.db, pool, 1_003n, { source: "included", expiresAt })
  await credit(world.db, pool, 777n, { expiresAt })
  await buy(world.db, pool, usd(5))
  await use({ consumable: "llm_tokens", quantity: 99_990n })
  const before = await state()
  // 10 tokens of the allowance, and 4 nanos and a half for each of the others.
  const parts = fc.array(fc.bigInt({ min: 1n, max: 300n }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(parts, async (quantities) => {
      const [key, total] = [randomUUID(), 900n + quantities.reduce((sum, each) => sum + each, 0n)]
      const { receipt } = await use({ key, consumable: "llm_tokens", quantity: total })
      let back = 0n
      for (const quantity of [...quantities, 900n]) {
        const { reversal } = await reverse({ record: { key }, quantity })
        back += reversal.includedNanos + reversal.promotionNanos + reversal.creditsNanos
        // Bought credits are all back before a promotion gets any, and that before the plan's.
        const grants = await readGrants(world.db, pool)
        const [included, promotion, bought] = grants.map(({ remainingNanos }) => remainingNanos)
        if (bought !== usd(5)) expect([included, promotion]).toEqual([0n, 0n])
        if (promotion !== 777n) expect(included).toBe(0n)
      }
      expect(back).toBe(receipt.costNanos)
      expect(await state()).toEqual(before)
    }),
    { numRuns: 3 },
  )
  expect(await findLedgerFaults(world.db, team.id, pool.poolId)).toEqual([])
})

test("what stands of a record is what it would have cost without the rest", async () => {
  await credit(world.db, pool, usd(1))
  const { receipt } = await use({
    ...{ key: "usage", consumable: "agent_compute", quantity: 2_000n },
    occurredAt: later(-3 * DAY_MS),
  })
  expect(receipt).toMatchObject({ allowanceQuantity: 500n })
  // At the rate of its time, whatever the plan is now.
  await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  const { reversal } = await reverse({ quantity: 1_700n })
  // Less than the allowance is left.
  expect(reversal).toMatchObject({
    allowanceQuantity: 200n,
    allowanceExpired: 0n,
    promotionNanos: receipt.costNanos,
  })
  expect(await state()).toMatchObject({
    creditsNanos: usd(1),
    lifetimeSpentNanos: 0n,
    allowances: [{ used: 300n }],
    used: [{ quantity: 300n, allowanceQuantity: 300n, creditsNanos: 0n }],
  })
})

test("twenty reversals of one record at once from four processes never return more than the record", async () => {
  await credit(world.db, pool, usd(5))
  await use({ key: "usage", quantity: 12n })
  const processes = meterings.startMany(4)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => tryReverse({ quantity: 1n, by: processes[n % 4] ?? metering })),
  )
  expect(answers.filter((answer) => answer === "reversal_refused")).toHaveLength(8)
  expect(await balance()).toBe(usd(5))
  expect(await tryReverse({})).toBe("reversal_refused")
})

test("reversals and spends of one pool at once lose and invent nothing", async () => {
  await credit(world.db, pool, usd(5))
  for (const key of ["a", "b", "c"]) await use({ key, quantity: 10n })
  const [first, second] = meterings.startMany(2)
  if (!first || !second) throw new Error("There are two")
  const spends = Array.from({ length: 60 }, (_, n) => answerTo(n % 2 ? first : second, team.id, usageOf()))
  const reversals = ["a", "b", "c"].flatMap((key) =>
    [1n, 2n, 3n].map((quantity) => reverse({ record: { key }, quantity, by: first })),
  )
  await Promise.all([...spends, ...reversals])
  expect(await balance()).toBe(usd(5) - 72n * SMS_NANOS)
})

describe("the same request", () => {
  test("twenty times at once takes effect once and is answered alike", async () => {
    await credit(world.db, pool, usd(5))
    await use({ key: "usage", quantity: 12n })
    const asked = { requestKey: "again", quantity: 5n }
    const answers = await Promise.all(Array.from({ length: 20 }, () => reverse(asked)))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(answers.map(({ reversal }) => reversal.id)).size).toBe(1)
    await use()
    expect((await reverse(asked)).reversal).toEqual(answers[0]?.reversal)
    expect(await balance()).toBe(usd(5) - 8n * SMS_NANOS)
    // It says what it did, even when nobody could do it any more.
    expect((await reverse({ ...asked, now: later(40 * DAY_MS) })).replayed).toBe(true)
    for (const other of [{ quantity: 4n }, { reason: "Another" }, { record: { key: "none" } }])
      expect(await tryReverse({ ...asked, ...other })).toBe("idempotency_key_reused")
  })

  test("for two pools at once is one reversal", async () => {
    await credit(world.db, pool, usd(5))
    await credit(world.db, { ...pool, poolId: team.member.poolId }, usd(5))
    const cause = { trigger: "user" as const, user: team.member.memberId, apiKeyId: null }
    await use({ key: "own" })
    await use({ key: "other", cause })
    const both = ["own", "other"].map((key) => tryReverse({ requestKey: "again", record: { key } }))
    const answers = await Promise.all(both)
    expect(answers.filter((answer) => answer === "idempotency_key_reused")).toHaveLength(1)
  })
})

test.each(["first", "last"])(
  "a refund and a dispute take their credits, whether reversed %s",
  async (when) => {
    const refunded = await buy(world.db, pool, usd(2))
    const disputed = await buy(world.db, pool, usd(3))
    await use({ key: "usage", quantity: 400n })
    if (when === "first") await reverse({ quantity: 300n })
    await report(world.db, await refundOf(world.db, refunded, usd(2)))
    await reportDispute(world.db, await disputeOf(world.db, disputed, usd(3), { status: "open" }))
    if (when === "last") {
      const { reversal } = await reverse({ quantity: 300n })
      // Of the $3.60 that came back, $0.20 had been left and $4.80 were owed.
      expect(reversal).toMatchObject({
        creditsNanos: usd(3.6),
        repaidNanos: usd(3.6),
        balanceNanos: -usd(1.2),
      })
    }
    expect(await state()).toMatchObject({
      creditsNanos: -usd(1.2),
      debtNanos: usd(1.2),
      lifetimeSpentNanos: usd(1.2),
    })
  },
)

describe("what is over by then", () => {
  test("gives nothing to spend: a promotion that has ended expires again at once", async () => {
    await credit(world.db, pool, usd(1), { expiresAt: later(HOUR_MS) })
    await buy(world.db, pool, usd(1))
    await use({ key: "usage", quantity: 100n })
    const { reversal } = await reverse({ now: later(2 * HOUR_MS) })
    expect(reversal).toMatchObject({
      promotionNanos: usd(1),
      creditsNanos: usd(0.2),
      expiredNanos: usd(1),
      balanceNanos: usd(1),
    })
    const kinds = (await readEntries(world.db, pool)).slice(-2).map(({ kind, grantNo }) => [kind, grantNo])
    expect(kinds).toEqual([
      ["consumption_reversal", null],
      ["expiry", 1],
    ])
  })

  test("repays debt nevertheless", async () => {
    await credit(world.db, pool, usd(1), { expiresAt: later(HOUR_MS) })
    const payment = await buy(world.db, pool, usd(1))
    await use({ key: "usage", quantity: 150n })
    await report(world.db, await refundOf(world.db, payment, usd(1)))
    const { reversal } = await reverse({ now: later(2 * HOUR_MS) })
    expect(reversal).toMatchObject({ repaidNanos: usd(0.8), expiredNanos: usd(1), balanceNanos: 0n })
  })

  test.each(["runs out", "ends early"])(
    "when the period %s: its credits and its allowance stay gone",
    async (how) => {
      await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
      const [start, end] = [later(-HOUR_MS), later(HOUR_MS)]
      await begin("build", start, end)
      await use({ key: "usage", quantity: 200n })
      const before = await state()
      expect(before).toMatchObject({
        includedNanos: usd(19),
        allowances: [{ used: 100n }],
      })
      const now = how === "runs out" ? later(2 * HOUR_MS) : new Date()
      if (how === "ends early")
        await world.db
          .$executeRaw`SELECT ledger_end_period(${team.id}::uuid, ${pool.poolId}::uuid, ${now}::timestamptz, ${now}::timestamptz)`
      await begin("build", now, later(30 * DAY_MS), now)
      await use({ quantity: 60n })
      const { reversal } = await reverse({ now })
      expect(reversal).toMatchObject({
        ...{ allowanceQuantity: 100n, allowanceExpired: 100n, includedNanos: usd(1), expiredNanos: usd(1) },
      })
      expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20) })
      const periods = await world.db.allowance.findMany({
        where: { ...pool, consumable: "sms" },
        orderBy: { periodStartsAt: "asc" },
      })
      expect(periods.map(({ used }) => used)).toEqual([0n, 60n])
    },
  )
})

const begin = (plan: "build" | "free", start: Date, end: Date, now = new Date()) =>
  world.db.$transaction((tx) => beginPeriod(queryIn(tx), pool, { plan, start, end, withheld: null }, now))

test("what comes back to a withheld period is usable once that is paid", async () => {
  await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await begin("build", later(-HOUR_MS), later(HOUR_MS))
  await use({ key: "usage", quantity: 200n })
  const ref = (work: typeof returnPeriod) =>
    world.db.$transaction((tx) => work(queryIn(tx), pool, new Date()))
  await ref((query, own, now) => withholdPeriod(query, own, { why: "unpaid" }, now))
  const { reversal } = await reverse({ quantity: 150n })
  expect(reversal).toMatchObject({ allowanceQuantity: 50n, allowanceExpired: 50n, expiredNanos: usd(1) })
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: 0n, withheldNanos: usd(20) })
  expect(await tryReverse({ quantity: 51n })).toBe("reversal_refused")
  await ref(returnPeriod)
  const sms = () => world.db.allowance.findFirstOrThrow({ where: { ...pool, consumable: "sms" } })
  expect(await sms()).toMatchObject({ granted: 100n, used: 50n })
  await reverse({})
  expect(await sms()).toMatchObject({ granted: 100n, used: 0n })
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: usd(20), withheldNanos: 0n })
  // The grant that was written off got credits again, and expires a second time.
  const now = later(2 * HOUR_MS)
  await world.db
    .$executeRaw`SELECT ledger_expire(${team.id}::uuid, ${pool.poolId}::uuid, ${now}::timestamptz)`
  expect(await readPool(world.db, pool)).toMatchObject({ includedNanos: 0n })
})

test("what stays usable of a withheld allowance stays usable: the smaller plan’s part", async () => {
  await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await begin("build", later(-HOUR_MS), later(HOUR_MS))
  await world.db
    .$executeRaw`SELECT ledger_raise_plan(${team.id}::uuid, ${pool.poolId}::uuid, uuidv7(), 'build', 'max',
    ${usd(50)}::bigint, 10::smallint, '{sms}', '{400}', now())`
  await use({ key: "usage", quantity: 300n })
  // The upgrade isn’t paid: 200 of what it brought were used, and the other 200 wait.
  const keeps = { consumables: "{sms}", quantities: "{100}" }
  await world.db.$transaction((tx) =>
    withholdPeriod(queryIn(tx), pool, { why: "disputed", keeps }, new Date()),
  )
  const sms = async () => {
    const { granted, used } = await world.db.allowance.findFirstOrThrow({
      where: { ...pool, consumable: "sms" },
    })
    return [used, granted]
  }
  expect(await sms()).toEqual([300n, 300n])
  expect((await reverse({ quantity: 150n })).reversal).toMatchObject({
    allowanceQuantity: 150n,
    allowanceExpired: 150n,
  })
  expect(await sms()).toEqual([150n, 150n])
  expect((await reverse({ quantity: 130n })).reversal).toMatchObject({
    allowanceQuantity: 130n,
    allowanceExpired: 50n,
  })
  expect(await sms()).toEqual([20n, 100n])
  await world.db.$transaction((tx) => returnPeriod(queryIn(tx), pool, new Date()))
  expect(await sms()).toEqual([20n, 500n])
})

test("in an unpaid period as much is usable as the plan gives to which the team has come down", async () => {
  await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await begin("build", later(-HOUR_MS), later(HOUR_MS))
  await use({ key: "usage", consumable: "llm_tokens", quantity: 1_000_000n })
  const free = { consumables: "{llm_tokens}", quantities: "{100000}" }
  await world.db.$transaction(async (tx) => {
    await withholdPeriod(queryIn(tx), pool, { why: "unpaid" }, new Date())
    await fallBack(queryIn(tx), pool, free, new Date())
  })
  await world.db.team.update({ where: { id: team.id }, data: { plan: "free" } })
  expect((await reverse({ quantity: 950_000n })).reversal).toMatchObject({ allowanceExpired: 900_000n })
  const tokens = () => world.db.allowance.findFirstOrThrow({ where: { ...pool, consumable: "llm_tokens" } })
  expect(await tokens()).toMatchObject({ used: 50_000n, granted: 100_000n })
  await world.db.$transaction((tx) => returnPeriod(queryIn(tx), pool, new Date()))
  expect(await tokens()).toMatchObject({ used: 50_000n, granted: 5_000_000n })
})

test("limits that counted the usage count it no longer", async () => {
  await credit(world.db, { ...pool, poolId: team.member.poolId }, usd(5))
  const cause = { trigger: "user" as const, user: team.member.memberId, apiKeyId: null }
  const subject = { kind: "member" as const, memberId: team.member.memberId }
  const ctx = { db: world.db, now: new Date(), team: { id: team.id, plan: "free" as const } }
  const actor = { ...team.owner, address: "203.0.113.7" }
  await saveLimit({ ...ctx, actor }, { subject, amountNanos: 10n * SMS_NANOS, isHard: true })
  await use({ key: "usage", quantity: 10n, cause })
  await expect(use({ cause })).rejects.toThrow("credits")
  await reverse({ quantity: 4n })
  await use({ quantity: 4n, cause })
  await expect(use({ cause })).rejects.toThrow("credits")
  // The month of the limit is another one.
  await world.db
    .$executeRaw`UPDATE spend_limits SET month = month + interval '1 month' WHERE team_id = ${team.id}::uuid`
  await reverse({ quantity: 1n })
  const limit = await world.db.spendLimit.findFirstOrThrow({ where: { teamId: team.id } })
  expect(limit.spentNanos).toBe(10n * SMS_NANOS)
})

test("usage of somebody who has left is reversed, and their bought credits go on to the Owner’s pool", async () => {
  await buy(world.db, { ...pool, poolId: team.member.poolId }, usd(5))
  await use({
    key: "usage",
    quantity: 400n,
    cause: { trigger: "user", user: team.member.memberId, apiKeyId: null },
  })
  await removeMember(memberCtx(world, team, team.owner), { memberId: team.member.memberId, credits: "move" })
  expect(await balance()).toBe(usd(0.2))
  await reverse({ quantity: 100n })
  await sweepLeftCredits({ db: world.db, now: new Date() })
  expect(await balance()).toBe(usd(1.4))
})

test("a captured hold’s usage is reversed by the hold, and only what it was charged comes back", async () => {
  await credit(world.db, pool, usd(1))
  const asked = {
    key: null,
    consumable: "sms" as const,
    quantity: 50n,
    lifeMs: 60_000,
    authorise: () => undefined,
  }
  const cause = { trigger: "api_key" as const, user: null, apiKeyId: null }
  const { hold } = await openHold(metering, team.id, { ...asked, cause }, new Date())
  const record = { holdId: hold.id }
  expect(await tryReverse({ record })).toBe("not_found")
  const captured = { holdId: hold.id, authorise: asked.authorise, readQuantity: () => 100n }
  const { receipt } = await captureHold(metering, team.id, captured, new Date())
  expect(receipt).toMatchObject({ costNanos: usd(1), shortfallNanos: usd(0.2) })
  // The 83 that could be charged stand, and the pool holds nothing that wasn't paid.
  expect((await reverse({ record, quantity: 10n })).reversal.promotionNanos).toBe(0n)
  expect((await reverse({ record, quantity: 10n })).reversal.promotionNanos).toBe(usd(0.04))
  await reverse({ record })
  expect(await state()).toMatchObject({ creditsNanos: usd(1), lifetimeSpentNanos: 0n })
})

test("a pool recovers by it and is no longer due for a top-up, and none becomes due", async () => {
  await credit(world.db, pool, usd(6))
  const saved = { ...pool, version: 1 }
  const settings = { enabled: true, thresholdNanos: usd(5), amountNanos: usd(50), updatedAt: new Date() }
  const { memberId } = team.owner
  await world.db.$transaction([
    world.db.autoTopUpSettings.create({ data: { ...saved, ...settings, allowedByMemberId: memberId } }),
    world.db.autoTopUpChange.create({ data: { ...saved, memberId, after: {}, changedAt: new Date() } }),
  ])
  const isDue = async () =>
    (await world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })).dueAt !== null
  await use({ key: "usage", quantity: 200n })
  expect(await readPool(world.db, pool)).toMatchObject({ isLow: true })
  expect(await isDue()).toBe(true)
  // Still too little.
  await reverse({ quantity: 50n })
  expect(await isDue()).toBe(true)
  await world.db.autoTopUpSettings.updateMany({
    where: { teamId: team.id },
    data: { dueAt: null, dueCause: null },
  })
  await reverse({ quantity: 10n })
  expect([await isDue(), (await readPool(world.db, pool)).isLow]).toEqual([false, true])
  await reverse({ quantity: 100n })
  expect([await isDue(), (await readPool(world.db, pool)).isLow]).toEqual([false, false])
})

test("spends, reversals, refunds, expiries and a new period at once leave a ledger that adds up", async () => {
  const end = later(HOUR_MS)
  await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
  await begin("build", later(-HOUR_MS), end)
  await credit(world.db, pool, usd(3), { expiresAt: end })
  const payments = [await buy(world.db, pool, usd(10)), await buy(world.db, pool, usd(10))]
  for (const key of ["a", "b", "c"]) await use({ key, quantity: 1_000n })
  const refunds = await Promise.all(payments.map((payment) => refundOf(world.db, payment, usd(7))))
  const over = new Date(end.getTime() + 1)
  const processes = meterings.startMany(2)
  await Promise.all([
    ...processes.flatMap((each) => Array.from({ length: 3 }, () => answerTo(each, team.id, usageOf()))),
    ...["a", "b", "c"].flatMap((key) =>
      processes.map((by, n) => reverse({ record: { key }, quantity: 400n, by, now: n ? over : new Date() })),
    ),
    ...refunds.map((refund) => insist(() => report(world.db, refund))),
    insist(() => begin("build", end, new Date(end.getTime() + 30 * DAY_MS), over)),
  ])
  expect(await findLedgerFaults(world.db, team.id, pool.poolId)).toEqual([])
  const totals = await readPool(world.db, pool)
  const figures = await getFigures(world.db, totals)
  expect(
    figures.addedNanos +
      figures.givenNanos -
      figures.spentNanos -
      figures.takenBackNanos -
      figures.expiredNanos,
  ).toBe(totals.creditsNanos)
})

test("is refused for what isn’t there, is too old, or another team’s", async () => {
  await credit(world.db, pool, usd(5))
  await use({ key: "usage", quantity: 10n })
  const before = await state()
  await expect(reverse({ quantity: 11n })).rejects.toThrow(
    "This usage was 10, so no more than that can be reversed.",
  )
  await expect(reverse({ now: later(35 * DAY_MS + HOUR_MS) })).rejects.toThrow("more than 35 days ago")
  expect(await tryReverse({ record: { key: "usag" } })).toBe("not_found")
  expect(await state()).toEqual(before)
  await reverse({ quantity: 4n })
  await expect(reverse({ quantity: 7n })).rejects.toThrow("Of this usage’s 10 only 6 is left to reverse.")
  const elsewhere = await createTestTeam(world.db)
  ;[team, pool] = [elsewhere, { teamId: elsewhere.id, poolId: elsewhere.owner.poolId }]
  expect(await tryReverse({})).toBe("not_found")
})
