import { expect, test } from "vitest"
import { testWorld } from "@/dev/testing/world"
import { stripeAt } from "@/stand-in/testing"
import { requirePlanPrices } from "./plans"

const world = testWorld()

test("a price that was archived is replaced, however soon and however often", async () => {
  const stripe = stripeAt(world.stripe.url)
  const seen = new Set<string>()
  for (let times = 0; times < 4; times++) {
    const prices = await requirePlanPrices()
    for (const { priceId } of prices) {
      expect(seen.has(priceId)).toBe(false)
      seen.add(priceId)
      expect(await stripe.prices.retrieve(priceId)).toMatchObject({ active: true })
      await stripe.prices.update(priceId, { active: false })
    }
  }
})

test("twenty that replace it at once make one", async () => {
  const stripe = stripeAt(world.stripe.url)
  for (const { priceId } of await requirePlanPrices()) await stripe.prices.update(priceId, { active: false })
  const all = await Promise.all(Array.from({ length: 20 }, () => requirePlanPrices()))
  expect(new Set(all.flat().map(({ priceId }) => priceId)).size).toBe(all[0]?.length)
})
