import { expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { enableTopUp, runTopUp, setCap } from "@/dev/testing/auto-top-up"
import { usd } from "@/dev/testing/ledger"
import { callApi, report, serveApiOn } from "@/dev/testing/metering-api"
import { addCard } from "@/dev/testing/payment-methods"
import { giveCredits } from "@/dev/testing/pools"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"

const world = serveApiOn(testWorld())

test("usage that an empty pool refuses because the monthly cap is reached says so, until the cap is raised", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { apiKey } = await createTestApiKey(world.db, team)
  await giveCredits(world.db, team, team.owner, usd(1))
  const spend = () => report(apiKey, { consumable: "sms", quantity: 100 })
  const autoTopUp = async () => (await callApi("GET /balance", { key: apiKey })).json.auto_top_up
  await addCard(world, team)
  expect((await spend()).json).toMatchObject({ reason: "not_enough" })
  expect(await autoTopUp()).toEqual({ enabled: false })

  await setCap(world, team, 0n)
  await enableTopUp(world, team)
  expect((await spend()).json).toMatchObject({ reason: "not_enough" })
  expect(await autoTopUp()).toEqual({ enabled: true })
  await runTopUp(world, team)
  expect((await spend()).json).toMatchObject({
    code: "insufficient_credits",
    reason: "spend_cap_reached",
    who_can_fix: ["Owner", "Admin"],
  })

  await setCap(world, team, usd(500))
  await runTopUp(world, team)
  expect((await spend()).status).toBe(200)
})
