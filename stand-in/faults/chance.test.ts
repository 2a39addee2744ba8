import { expect, test } from "vitest"
import { sessionParams, standInPerTest, startReceiver } from "../testing"

const standIn = standInPerTest()

/** Returns which calls of a run fail, by their amount, when they come in this order. */
async function failuresOf(seed: string, amounts: number[]): Promise<number[]> {
  await standIn.control.chance({ seed, calls: { share: 0.4, hang_ms: 1 } })
  const failed: number[] = []
  for (const amount of amounts) {
    const price = { currency: "usd", unit_amount: amount, product_data: { name: "Credits" } }
    const params = sessionParams({ line_items: [{ quantity: 1, price_data: price }] })
    await standIn.stripe.checkout.sessions.create(params).catch(() => failed.push(amount))
  }
  await standIn.control.endChance()
  return failed.sort((a, b) => a - b)
}

test("with one seed the same calls fail, whatever their order; with another others do", async () => {
  const amounts = Array.from({ length: 30 }, (_, n) => 500 + n)
  const failed = await failuresOf("one", amounts)
  expect(failed.length).toBeGreaterThan(3)
  expect(failed.length).toBeLessThan(27)
  expect(await failuresOf("one", amounts.toReversed())).toEqual(failed)
  expect(await failuresOf("two", amounts)).not.toEqual(failed)
})

test("each event arrives as often as chance says, or never", async () => {
  const receiver = await startReceiver()
  try {
    await standIn.control.addEndpoint({ url: receiver.url, secret: "whsec_the_whole_of_this_signs" })
    await standIn.control.chance({ seed: "one", webhooks: { up_to_times: 5, within_ms: 50, lost: 0.3 } })
    const customers = Array.from({ length: 20 }, (_, n) => n)
    for (const n of customers) await standIn.stripe.customers.create({ name: `Customer ${n}` })
    await expect.poll(() => receiver.received.length).toBeGreaterThan(20)
    const times = new Map<string, number>()
    for (const { event } of receiver.received) times.set(event.id, (times.get(event.id) ?? 0) + 1)
    expect(times.size).toBeLessThan(customers.length)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(5)
  } finally {
    await receiver.close()
  }
})
