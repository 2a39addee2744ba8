import { beforeEach, describe, expect, test } from "vitest"
import { enableTopUp, listTopUps, runTopUp, saveInput, setCap, topUpCtx } from "@/dev/testing/auto-top-up"
import { consume, credit, usd } from "@/dev/testing/ledger"
import { addCard } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { saveSettings } from "./save-settings"

const world = testWorld()
let team: TestTeam
let card: string

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
  card = await addCard(world, team)
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
const save = async (more: Parameters<typeof saveInput>[2] = {}, actor = team.owner) =>
  saveSettings(topUpCtx(world, team, { actor }), await saveInput(world, team, { enabled: true, ...more }))
const saved = () => world.db.autoTopUpSettings.findMany({ where: { teamId: team.id } })

describe("a save that charges", () => {
  test("begins exactly what was agreed to, with the card that was named, in the same transaction", async () => {
    expect(await save()).toEqual({ status: "saved", isCharging: true })
    expect(await listTopUps(world, team)).toMatchObject([
      { status: "created", amountNanos: usd(50), paymentMethodId: card },
    ])
    await runTopUp(world, team)
    expect(await listTopUps(world, team)).toMatchObject([{ status: "succeeded", capturedNanos: usd(50) }])
  })

  test("charges once, also if one top-up leaves the pool at its threshold", async () => {
    await save({ thresholdNanos: usd(50), amountNanos: usd(50) })
    for (let look = 0; look < 3; look++) await runTopUp(world, team)
    expect(await listTopUps(world, team)).toMatchObject([{ status: "succeeded", dueCause: "save" }])
  })

  test.each<[string, () => object]>([
    ["nothing", () => ({ agreedCharge: null })],
    ["less", () => ({ agreedCharge: { amountNanos: usd(49.99), paymentMethodId: card } })],
    ["more", () => ({ agreedCharge: { amountNanos: usd(50.01), paymentMethodId: card } })],
    ["another card", () => ({ agreedCharge: { amountNanos: usd(50), paymentMethodId: "pm_other" } })],
  ])(
    "saves and charges nothing if the person agreed to %s, and says what it would charge",
    async (_, agreed) => {
      const changes = { capNanos: usd(300), ...agreed() }
      expect(await save(changes)).toMatchObject({
        status: "not_agreed",
        outlook: { paymentMethodId: card, state: { availableNanos: 0n } },
      })
      expect(await saved()).toEqual([])
      expect(await world.db.spendCap.findFirst({ where: { teamId: team.id } })).toMatchObject({ version: 1 })
      expect(await world.db.autoTopUpChange.count({ where: { teamId: team.id } })).toBe(0)
      expect(await listTopUps(world, team)).toEqual([])
    },
  )

  test("charges nothing that was agreed to and isn’t needed any more", async () => {
    await credit(world.db, pool(), usd(11))
    expect(await save()).toEqual({ status: "saved", isCharging: false })
    expect(await listTopUps(world, team)).toEqual([])
  })

  test("a balance that falls while the dialog is open asks again", async () => {
    await credit(world.db, pool(), usd(11))
    const seen = await saveInput(world, team, { enabled: true, agreedCharge: null })
    await consume(world.db, pool(), usd(1))
    expect(await saveSettings(topUpCtx(world, team), seen)).toMatchObject({ status: "not_agreed" })
    expect(await saved()).toEqual([])
  })

  test("twenty at once save once and charge once", async () => {
    const each = await saveInput(world, team, { enabled: true, capNanos: usd(60) })
    const saves = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        saveSettings(topUpCtx(world, team, { actor: n % 2 ? team.owner : team.admin }), each),
      ),
    )
    expect(saves.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await listTopUps(world, team)).toHaveLength(1)
    expect(await saved()).toMatchObject([{ version: 1 }])
  })
})

describe("amounts and the cap", () => {
  test("an amount above the cap is refused at its field, and saved with a cap that is raised along", async () => {
    await expect(save({ amountNanos: usd(200.01) })).rejects.toMatchObject({
      field: "amount",
      title: "The amount can’t be more than the monthly cap of $200.00.",
    })
    await save({ amountNanos: usd(200.01), capNanos: usd(200.01) })
    expect(await saved()).toMatchObject([{ amountNanos: usd(200.01) }])
  })

  test("a cap below what another pool adds is refused, and names whose", async () => {
    await enableTopUp(world, team, { poolId: team.admin.poolId, amount: 120 })
    await expect(save({ capNanos: usd(119) })).rejects.toMatchObject({
      field: "cap",
      title: "The cap can’t be less than the $120.00 that auto top-up adds to ADMIN of the test’s credits.",
    })
    await save({ capNanos: usd(120) })
  })

  test("a cap of nothing stops every pool, and charges nothing", async () => {
    await enableTopUp(world, team, { poolId: team.admin.poolId, threshold: 0 })
    const before = (await listTopUps(world, team)).length
    expect(await save({ capNanos: 0n })).toEqual({ status: "saved", isCharging: false })
    expect(await listTopUps(world, team)).toHaveLength(before)
  })

  test("one who lowers the cap and one who raises the amount at once never both save", async () => {
    await credit(world.db, pool(), usd(100))
    await enableTopUp(world, team)
    const ctx = topUpCtx(world, team)
    const higher = await saveInput(world, team, { amountNanos: usd(150) })
    const lower = await saveInput(world, team, { capNanos: usd(100) })
    const saves = await Promise.allSettled([saveSettings(ctx, higher), saveSettings(ctx, lower)])
    expect(saves.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  })

  test("the database refuses an amount above the cap and a cap below it, whoever writes them", async () => {
    await credit(world.db, pool(), usd(100))
    await enableTopUp(world, team)
    const change = (poolId: string | null, after: string) => `
      INSERT INTO auto_top_up_changes (team_id, pool_id, version, member_id, after, changed_at)
      VALUES ('${team.id}', ${poolId ? `'${poolId}'` : "NULL"}, 2, '${team.owner.memberId}', '${after}', now())`
    const write = (poolId: string | null, update: string) =>
      world.db.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`${update}, version = 2 WHERE team_id = '${team.id}'`)
        await tx.$executeRawUnsafe(change(poolId, "{}"))
      })
    await expect(
      write(team.owner.poolId, "UPDATE auto_top_up_settings SET amount_nanos = 200010000000"),
    ).rejects.toThrow("adds more than the spend cap")
    await expect(write(null, "UPDATE spend_caps SET cap_nanos = 49990000000")).rejects.toThrow(
      "adds more than the spend cap",
    )
    await write(null, "UPDATE spend_caps SET cap_nanos = 0")
  })

  test("a Member changes neither", async () => {
    await expect(setCap(world, team, null, { actor: team.member })).rejects.toMatchObject({ status: 403 })
  })
})
