import { beforeEach, describe, expect, test } from "vitest"
import {
  enableTopUp,
  listTopUps,
  prepareTopUp,
  runTopUp,
  saveInput,
  setCap,
  spendDown,
  topUpCtx,
} from "@/dev/testing/auto-top-up"
import { credit, usd } from "@/dev/testing/ledger"
import { addCard, methodCtx } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { removePaymentMethod } from "@/lib/payment-methods/remove-payment-method"
import { until } from "@/stand-in/testing"
import { getTopUpHistory } from "./queries"
import { saveSettings } from "./save-settings"
import { saveSettingsSchema } from "./schema"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
})

const save = async (more: Parameters<typeof saveInput>[2] = {}, actor = team.owner) =>
  saveSettings(topUpCtx(world, team, { actor }), await saveInput(world, team, { enabled: true, ...more }))
const stored = () => world.db.autoTopUpSettings.findFirst({ where: { teamId: team.id } })
const history = () => getTopUpHistory(world.db, { teamId: team.id, poolId: team.owner.poolId })
const waitingForLocks = async () => {
  const [row] = await world.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return row?.count ?? 0
}
const job = (name: string) => world.db.$queryRaw<unknown[]>`
  SELECT 1 FROM graphile_worker._private_jobs WHERE key = ${`${name}:${team.owner.poolId}`}`

describe("saveSettings", () => {
  test("is off before anybody saved, and a purchase never turns it on", async () => {
    await addCard(world, team)
    expect(await stored()).toBeNull()
  })

  test.each(["owner", "admin"] as const)(
    "lets the %s turn it on, says so in the history and looks at the pool",
    async (role) => {
      await addCard(world, team)
      await save({}, team[role])
      expect(await stored()).toMatchObject({
        enabled: true,
        version: 1,
        allowedByMemberId: team[role].memberId,
      })
      const { changes } = await history()
      expect(changes).toMatchObject([
        { isCap: false, before: null, after: { enabled: true, threshold: "10.00", amount: "50.00" } },
      ])
      expect(await job("top-up-pool")).toHaveLength(1)
    },
  )

  test("refuses a Member, a removed Admin and another team’s pool, and writes nothing", async () => {
    await addCard(world, team)
    const other = await createTestTeam(world.db)
    await expect(save({}, team.member)).rejects.toMatchObject({ status: 403 })
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
    await expect(save({}, team.admin)).rejects.toMatchObject({ status: 403 })
    await expect(save({ poolId: other.owner.poolId })).rejects.toMatchObject({ status: 404 })
    expect(await stored()).toBeNull()
  })

  test("is never on for the pool of somebody who has left, and can still be saved off", async () => {
    await addCard(world, team)
    await world.db.member.updateMany({ where: { id: team.member.memberId }, data: { removedAt: new Date() } })
    const { poolId } = team.member
    await expect(save({ poolId })).rejects.toThrow("has left the team")
    expect(await stored()).toBeNull()
    await save({ poolId, enabled: false })
    expect(await stored()).toMatchObject({ enabled: false })
  })

  test("wants a payment method before it can be on", async () => {
    await expect(save()).rejects.toMatchObject({ field: "paymentMethod" })
    await save({ enabled: false })
    expect(await stored()).toMatchObject({ enabled: false })
  })

  test("tells the second of two who save at once, and keeps what the first saved", async () => {
    await addCard(world, team)
    const saves = await Promise.allSettled([
      save({ amountNanos: usd(60) }),
      save({ amountNanos: usd(70) }, team.admin),
    ])
    expect(saves.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const refused = saves.find((each) => each.status === "rejected")
    expect(refused?.reason).toMatchObject({ status: 409, title: expect.stringContaining("in the meantime") })
    expect((await stored())?.version).toBe(1)
    expect((await history()).changes).toHaveLength(1)
  })

  test("tells whoever saves what somebody else has changed since", async () => {
    await prepareTopUp(world, team)
    await save({ amountNanos: usd(60) })
    await expect(save({ version: 1, amountNanos: usd(70) }, team.admin)).rejects.toMatchObject({
      status: 409,
    })
    await setCap(world, team, usd(300))
    const staleCap = { cap: { version: 1, capNanos: usd(200) }, amountNanos: usd(70) }
    await expect(save(staleCap, team.admin)).rejects.toMatchObject({ status: 409 })
    expect(await stored()).toMatchObject({ version: 2, amountNanos: usd(60) })
  })

  test("names nobody for what is saved as it was", async () => {
    await prepareTopUp(world, team)
    await save({}, team.admin)
    expect(await stored()).toMatchObject({ version: 1, allowedByMemberId: team.owner.memberId })
    expect((await history()).changes).toHaveLength(1)
  })

  test("keeps the last payment method from being removed while it is on", async () => {
    await prepareTopUp(world, team)
    const method = await world.db.paymentMethod.findFirstOrThrow({ where: { teamId: team.id } })
    const ref = { paymentMethodId: method.id }
    await expect(removePaymentMethod(methodCtx(world, team), ref)).rejects.toMatchObject({
      title: expect.stringContaining("turn auto top-up off first"),
    })
    await save({ enabled: false })
    await removePaymentMethod(methodCtx(world, team), ref)
    expect(await world.db.paymentMethod.count({ where: { teamId: team.id } })).toBe(0)
  })
})

describe("saveSettingsSchema", () => {
  const typed = {
    poolId: "pool_01h455vb4pex5vsknk084sn02q",
    version: 0,
    enabled: true,
    threshold: "10",
    amount: "50",
    cap: { version: 1, amount: "200" },
    agreedCharge: null,
  }
  test.each([
    [
      "a threshold above the amount",
      { threshold: "50.01" },
      "threshold",
      "The threshold can’t be more than the purchase amount.",
    ],
    [
      "a threshold below nothing",
      { threshold: "-1" },
      "threshold",
      "Enter an amount from $0.00 to $100,000.00.",
    ],
    [
      "an amount below the least",
      { amount: "4.99", threshold: "0" },
      "amount",
      "Enter an amount from $5.00 to $100,000.00.",
    ],
    [
      "an amount above the most",
      { amount: "100000.01" },
      "amount",
      "Enter an amount from $5.00 to $100,000.00.",
    ],
    ["three decimals", { amount: "50.001" }, "amount", "Use at most two decimals."],
    ["words", { threshold: "ten" }, "threshold", "Enter an amount from $0.00 to $100,000.00."],
    ["a number with an exponent", { amount: "1e3" }, "amount", "Enter an amount from $5.00 to $100,000.00."],
  ])("refuses %s at its field", (_, more, field, message) => {
    const { error } = saveSettingsSchema.safeParse({ ...typed, ...more })
    expect(error?.issues[0]).toMatchObject({ path: [field], message })
  })

  test("takes the bounds", () => {
    for (const more of [
      { threshold: "0" },
      { threshold: "50" },
      { amount: "5", threshold: "5" },
      { amount: "100000" },
    ])
      expect(saveSettingsSchema.safeParse({ ...typed, ...more }).success).toBe(true)
  })
})

describe("the database", () => {
  test("refuses settings and caps that nobody is named for", async () => {
    await prepareTopUp(world, team)
    const update = (table: string, set: string) =>
      world.db.$executeRawUnsafe(`UPDATE ${table} SET ${set} WHERE team_id = '${team.id}'`)
    await expect(update("auto_top_up_settings", "enabled = false")).rejects.toThrow("needs its own version")
    await expect(update("auto_top_up_settings", "amount_nanos = 60000000000, version = 2")).rejects.toThrow(
      "has nobody who made it",
    )
    await expect(update("spend_caps", "cap_nanos = NULL")).rejects.toThrow("needs its own version")
    await expect(update("spend_caps", "cap_nanos = NULL, version = 2")).rejects.toThrow(
      "has nobody who made it",
    )
    await expect(update("auto_top_up_changes", "version = 7")).rejects.toThrow("is history")
  })

  test("refuses a threshold above the amount, whoever writes it", async () => {
    await prepareTopUp(world, team)
    await expect(
      world.db.autoTopUpSettings.updateMany({
        where: { teamId: team.id },
        data: { thresholdNanos: usd(51), version: 2 },
      }),
    ).rejects.toThrow("auto_top_up_threshold_within_amount")
  })

  test("refuses a fourth top-up within an hour, an eleventh within a day, and one above the cap", async () => {
    await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(20))
    await prepareTopUp(world, team)
    const insert = (at: Date, amount = 5) =>
      world.db.purchase.create({
        data: {
          teamId: team.id,
          poolId: team.owner.poolId,
          kind: "auto_top_up",
          dueCause: "usage",
          amountNanos: usd(amount),
          requestedByMemberId: team.owner.memberId,
          requestKey: `auto-top-up:${crypto.randomUUID()}`,
          paymentMethodId: "pm_1",
          cardFingerprint: "fp_1",
          createdAt: at,
          expiresAt: at,
        },
      })
    const fail = () =>
      world.db.purchase.updateMany({
        where: { teamId: team.id, status: "created" },
        data: { status: "failed", settledAt: new Date() },
      })
    const begin = Date.now() - 24 * HOUR_MS
    for (let n = 0; n < 3; n++) {
      await insert(new Date(begin + n))
      // One at a time, whatever the limits would allow.
      if (n < 2) await expect(insert(new Date(begin + n))).rejects.toMatchObject({ code: "P2002" })
      await fail()
    }
    await expect(insert(new Date(begin + 3))).rejects.toThrow("too many auto top-ups")
    for (let n = 1; n < 8; n++) {
      await insert(new Date(begin + n * 2 * HOUR_MS))
      await fail()
    }
    await expect(insert(new Date(begin + 23 * HOUR_MS))).rejects.toThrow("too many auto top-ups")
    await expect(insert(new Date(begin + 60 * HOUR_MS), 201)).rejects.toThrow("would exceed the spend cap")
  })
})

describe("saveCap", () => {
  test("holds for the whole team: two pools can’t both take what is left", async () => {
    await addCard(world, team)
    const pools = [team.owner.poolId, team.admin.poolId]
    for (const poolId of pools) {
      await credit(world.db, { teamId: team.id, poolId }, usd(20))
      await enableTopUp(world, team, { poolId })
    }
    await setCap(world, team, usd(99))
    for (const poolId of pools) await spendDown(world, { teamId: team.id, poolId }, usd(15))
    // Both have decided, or wait to decide, before either can write.
    await world.db
      .$transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE purchases IN SHARE ROW EXCLUSIVE MODE`
        const both = Promise.all(pools.map((poolId) => runTopUp(world, team, new Date(), poolId)))
        await until(waitingForLocks, (count) => count === 2)
        return { both }
      })
      .then(({ both }) => both)
    expect(await listTopUps(world, team)).toMatchObject([{ status: "succeeded" }])
    const [decision] = await world.db.autoTopUpDecision.findMany({
      where: { teamId: team.id, reason: "cap_reached" },
    })
    expect(decision?.until).toEqual(
      new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1, 1)),
    )

    await setCap(world, team, usd(100))
    for (const poolId of pools) await runTopUp(world, team, new Date(), poolId)
    expect(await listTopUps(world, team)).toHaveLength(2)
  })

  test("begins afresh with the month", async () => {
    const nextMonth = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1, 1))
    const later = new Date(Math.min(Date.now() + HOUR_MS, nextMonth.getTime() - 1))
    await prepareTopUp(world, team)
    await enableTopUp(world, team, { amount: 200, threshold: 200 })
    await runTopUp(world, team)
    await runTopUp(world, team, later)
    expect(await listTopUps(world, team)).toHaveLength(1)
    // Still at its threshold, so the save makes it due again.
    await enableTopUp(world, team, { amount: 200, threshold: 200 })
    await runTopUp(world, team, later)
    expect(await listTopUps(world, team)).toHaveLength(1)
    await runTopUp(world, team, nextMonth)
    expect(await listTopUps(world, team)).toHaveLength(2)
  })
})
