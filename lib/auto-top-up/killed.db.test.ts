import { expect, test } from "vitest"
import { enableTopUp, listTopUps, runTopUp } from "@/dev/testing/auto-top-up"
import { sizeOf } from "@/dev/testing/full-size"
import { readPool, usd } from "@/dev/testing/ledger"
import { addCard } from "@/dev/testing/payment-methods"
import { killNow, testProcesses } from "@/dev/testing/processes/processes"
import type { TopUpOrder } from "@/dev/testing/processes/top-up-process"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { toPublicId } from "@/lib/ids"
import { Dice } from "@/stand-in/faults/dice"
import { until } from "@/stand-in/testing"

const world = testWorld()
receiveWebhooks(world)
const processes = testProcesses()

/** Each has three pools. */
const TEAMS = sizeOf({ usual: 20, full: 67 })
/** How often each pool is interrupted, and how many pools share a process. */
const ROUNDS = 2
const AT_ONCE = sizeOf({ usual: 60, full: 67 })
const STARTS_WITHIN_MS = 2_000

/** The steps of a top-up, by our rows and by Stripe's own books. */
const STEPS = ["not begun", "begun", "written down", "id kept", "charged", "credited"] as const
type Step = (typeof STEPS)[number]

type Pool = { team: TestTeam; poolId: string }

const listOf = async ({ team, poolId }: Pool) =>
  (await listTopUps(world, team)).filter((topUp) => topUp.poolId === poolId)

async function stepOf(pool: Pool, captured: Set<string>, writtenDown: Set<string>): Promise<Step> {
  const topUp = (await listOf(pool)).at(-1)
  if (!topUp) return "not begun"
  const id = toPublicId("pur", topUp.id)
  if (topUp.status === "succeeded") return "credited"
  if (captured.has(id)) return "charged"
  if (topUp.paymentIntentId) return "id kept"
  return writtenDown.has(id) ? "written down" : "begun"
}

async function readStripe() {
  const [{ data: captured }, { data: created }] = await Promise.all([
    world.stripe.control.payments(),
    world.stripe.control.events({ type: "payment_intent.created" }),
  ])
  return {
    captured: captured.map(({ metadata }) => metadata.purchase_id ?? ""),
    writtenDown: created.map(
      ({ data }) => (data.object as { metadata: Record<string, string> }).metadata.purchase_id ?? "",
    ),
  }
}

async function countCredited(pools: Pool[]): Promise<number> {
  const poolId = { in: pools.map((pool) => pool.poolId) }
  return world.db.purchase.count({ where: { poolId, kind: "auto_top_up", status: "succeeded" } })
}

async function inTens<T>(all: T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const waiting = all.values()
  const one = async () => {
    for (const each of waiting) await work(each)
  }
  await Promise.all(Array.from({ length: 10 }, one))
}

async function createPools(): Promise<Pool[]> {
  const pools: Pool[] = []
  await inTens(Array.from({ length: TEAMS }), async () => {
    const team = await createTestTeam(world.db)
    await addCard(world, team)
    for (const { poolId } of [team.owner, team.admin, team.member]) {
      await enableTopUp(world, team, { poolId })
      pools.push({ team, poolId })
    }
  })
  return pools
}

test("top-ups that are killed at random steps, amid faults, are each charged once and credited once", async () => {
  const dice = new Dice("killed")
  const pools = await createPools()
  await world.stripe.control.chance({
    seed: "killed",
    calls: { share: 0.2, hang_ms: 60 },
    webhooks: { up_to_times: 3, within_ms: 100, lost: 0.5 },
  })
  const killedAt = new Map<Step, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (let first = 0; first < pools.length; first += AT_ONCE) {
      const { child } = await processes.start<"ready">("dev/testing/processes/top-up-process.ts")
      const those = pools.slice(first, first + AT_ONCE)
      const orders: TopUpOrder[] = those.map(({ team, poolId }, n) => ({
        teamId: team.id,
        poolId,
        afterMs: dice.whole(0, STARTS_WITHIN_MS, "start", round, first + n),
      }))
      child.send(orders)
      // Triggered by work done and not by time, which says little on a busy machine.
      const doneAt = (await countCredited(those)) + dice.whole(1, AT_ONCE / 4, "kill", round, first)
      await until(
        () => countCredited(those),
        (count) => count >= Math.min(doneAt, those.length),
        60_000,
      )
      await killNow(child)
      const { captured, writtenDown } = await readStripe()
      const [paid, known] = [new Set(captured), new Set(writtenDown)]
      for (const pool of those) {
        const step = await stepOf(pool, paid, known)
        killedAt.set(step, (killedAt.get(step) ?? 0) + 1)
      }
    }
  }
  await world.stripe.control.endChance()
  // Each step must have met a kill, or this proves less than it says. "Not begun" may be missing.
  expect(STEPS.filter((step) => step !== "not begun" && !killedAt.has(step))).toEqual([])

  const goOn = () => inTens(pools, ({ team, poolId }) => runTopUp(world, team, new Date(), poolId))
  await goOn()
  await workInbox(world)
  await goOn()
  const { captured } = await readStripe()
  expect(captured).toHaveLength(pools.length)
  // Each is told once, and nothing else is told.
  const told = await world.db.notification.groupBy({ by: ["type"], _count: true })
  expect(told).toEqual([{ type: "credit_auto_recharge_triggered", _count: pools.length }])
  for (const pool of pools) {
    const topUps = await listOf(pool)
    expect(topUps).toMatchObject([{ status: "succeeded", capturedNanos: usd(50) }])
    expect(captured).toContain(toPublicId("pur", topUps[0]?.id ?? ""))
    const { creditsNanos } = await readPool(world.db, { teamId: pool.team.id, poolId: pool.poolId })
    expect(creditsNanos).toBe(usd(50))
  }
}, 180_000)
