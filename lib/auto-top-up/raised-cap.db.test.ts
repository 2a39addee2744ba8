import { beforeEach, expect, test } from "vitest"
import { enableTopUp, listTopUps, runTopUp, saveInput, setCap, topUpCtx } from "@/dev/testing/auto-top-up"
import { usd } from "@/dev/testing/ledger"
import { addCard } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { getAutoTopUp } from "./queries"
import { saveSettings } from "./save-settings"

const world = testWorld()
let team: TestTeam
let card: string

/** The Admin's pool is low and due, and the cap holds it back. */
beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
  card = await addCard(world, team)
  await setCap(world, team, 0n)
  await enableTopUp(world, team, { poolId: team.admin.poolId })
  await runTopUp(world, team, new Date(), team.admin.poolId)
  expect(await listTopUps(world, team)).toEqual([])
})

const save = async (more: Parameters<typeof saveInput>[2]) =>
  saveSettings(topUpCtx(world, team), await saveInput(world, team, more))
const agreedTo = (dollars: number) => ({ amountNanos: usd(dollars), paymentMethodId: card })
const chargedPools = async () => (await listTopUps(world, team)).map(({ poolId }) => poolId)

test("the page of another pool knows what raising the cap would charge", async () => {
  const { outlook } = await getAutoTopUp(world.db, { teamId: team.id, poolId: team.owner.poolId }, new Date())
  expect(outlook.waiting).toEqual([{ amountNanos: usd(50) }])
})

test.each([
  ["nothing", null],
  ["less", 49.99],
  ["more", 100],
])(
  "a raised cap that charges another pool is saved only if the person agreed to it, not to %s",
  async (_, dollars) => {
    const agreedCharge = dollars === null ? null : agreedTo(dollars)
    expect(await save({ capNanos: usd(200), agreedCharge })).toMatchObject({
      status: "not_agreed",
      outlook: { waiting: [{ amountNanos: usd(50) }] },
    })
    expect(await world.db.spendCap.findFirst({ where: { teamId: team.id } })).toMatchObject({ capNanos: 0n })
    await runTopUp(world, team, new Date(), team.admin.poolId)
    expect(await listTopUps(world, team)).toEqual([])
  },
)

test("agreed to, the other pool is charged exactly that, once", async () => {
  const saved = await save({ capNanos: usd(200), agreedCharge: agreedTo(50) })
  expect(saved).toEqual({ status: "saved", isCharging: true })
  for (let look = 0; look < 2; look++) await runTopUp(world, team, new Date(), team.admin.poolId)
  expect(await listTopUps(world, team)).toMatchObject([
    { poolId: team.admin.poolId, status: "succeeded", capturedNanos: usd(50) },
  ])
})

test("this pool goes first, and both together are what is agreed to", async () => {
  const both = { enabled: true, capNanos: usd(100) }
  expect(await save({ ...both, agreedCharge: agreedTo(50) })).toMatchObject({ status: "not_agreed" })
  expect(await save({ ...both, agreedCharge: agreedTo(100) })).toEqual({ status: "saved", isCharging: true })
  expect(await chargedPools()).toEqual([team.owner.poolId, team.admin.poolId])
})

test("a top-up for which the raised cap has no room goes on waiting", async () => {
  await save({ enabled: true, capNanos: usd(99.99), agreedCharge: agreedTo(50) })
  for (const { poolId } of [team.owner, team.admin]) await runTopUp(world, team, new Date(), poolId)
  expect(await chargedPools()).toEqual([team.owner.poolId])
})
