import { beforeEach, expect, test } from "vitest"
import { payForPlan, stripeNow } from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { confirmSubscription } from "./confirm-subscription"

const world = testWorld()
let team: TestTeam
beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
})

const confirm = async () => confirmSubscription({ db: world.db, now: await stripeNow(world) }, team.id)

test("a plan that was just paid is there with its invoice, though none of its events has arrived", async () => {
  await payForPlan(world, team)
  expect(await confirm()).toEqual({ status: "subscribed", plan: "build" })
  expect(await world.db.team.findUnique({ where: { id: team.id } })).toMatchObject({ plan: "build" })
  expect(await world.db.invoice.findMany({ where: { teamId: team.id } })).toMatchObject([
    { kind: "subscription", plan: "build", status: "paid" },
  ])
})

test("a team that hasn’t paid for a plan has none", async () => {
  expect(await confirm()).toEqual({ status: "processing" })
})
