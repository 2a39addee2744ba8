import fc from "fast-check"
import { expect, test } from "vitest"
import { credit, readEntries, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { testDatabase } from "@/dev/testing/world"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Consumable } from "@/lib/catalog/schema"
import { reportUsage } from "./report-usage"

const world = testDatabase()
const meterings = testMetering(world)
const MAX = 2n ** 63n - 1n

test("a thousand records of any fraction add up to the nano: each rounded once, none of the sums", async () => {
  const { team, pool } = await createPayingTeam(world, usd(1_000_000))
  const consumables: Consumable[] = ["voice", "storage", "agent_compute", "llm_tokens", "api_calls"]
  const anyUsage = fc.record({
    consumable: fc.constantFrom(...consumables),
    quantity: fc.bigInt({ min: 1n, max: 9_999n }),
  })
  const usages = fc.sample(anyUsage, 1_000)
  const metering = meterings.start()
  const answers = await Promise.all(
    usages.map(async (usage) => ({
      usage,
      receipt: (await reportUsage(metering, team.id, usageOf(usage))).receipt,
    })),
  )
  let total = 0n
  for (const { usage, receipt } of answers) {
    const { decimals } = CATALOG.consumables[usage.consumable]
    const { rateNanos } = CATALOG.plans.free.terms[usage.consumable]
    const exact = (usage.quantity - receipt.allowanceQuantity) * rateNanos
    const scale = 10n ** BigInt(decimals)
    // At most half a nano from the exact cost.
    const off = receipt.costNanos * scale - exact
    expect(off * 2n <= scale && off * 2n >= -scale).toBe(true)
    total += receipt.costNanos
  }
  const { creditsNanos, lifetimeSpentNanos } = await readPool(world.db, pool)
  expect(creditsNanos).toBe(usd(1_000_000) - total)
  expect(lifetimeSpentNanos).toBe(total)
  const sum = (await readEntries(world.db, pool)).reduce((all, { amountNanos }) => all + amountNanos, 0n)
  expect(sum).toBe(creditsNanos)
})

test("balances beyond what a JavaScript number holds are exact to the nano", async () => {
  const { team, pool } = await createPayingTeam(world, 2n ** 53n + 1n)
  await credit(world.db, pool, 2n ** 60n + 7n)
  const { receipt } = await reportUsage(
    meterings.start(),
    team.id,
    usageOf({ consumable: "llm_tokens", quantity: 100_001n }),
  )
  expect(receipt).toMatchObject({ costNanos: 4_000n, balanceNanos: 2n ** 60n + 2n ** 53n + 8n - 4_000n })
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: receipt.balanceNanos })
})

test("credits beyond what the ledger can hold are refused, and leave it as it was", async () => {
  const { team, pool } = await createPayingTeam(world, MAX - 5n)
  const before = await readPool(world.db, pool)
  await expect(credit(world.db, pool, 6n)).rejects.toThrow("out of range")
  expect(await readPool(world.db, pool)).toEqual(before)
  await credit(world.db, pool, 5n)
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: MAX })
  const { receipt } = await reportUsage(meterings.start(), team.id, usageOf())
  expect(receipt.balanceNanos).toBe(MAX - receipt.costNanos)
})

test.each([0n, -1n, -(2n ** 63n)])("credits of %s are refused", async (amountNanos) => {
  const { pool } = await createPayingTeam(world, usd(1))
  await expect(credit(world.db, pool, amountNanos)).rejects.toThrow()
  expect(await readEntries(world.db, pool)).toHaveLength(1)
})

test.each(Object.entries(CATALOG.consumables))(
  "the largest quantity of %s, a thousand times at once, overflows nothing",
  async (consumable, { maxQuantity }) => {
    const { team, pool } = await createPayingTeam(world, MAX)
    const metering = meterings.start()
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        reportUsage(
          metering,
          team.id,
          usageOf({ consumable: consumable as Consumable, quantity: maxQuantity }),
        ),
      ),
    )
    const spent = answers.reduce((all, { receipt }) => all + receipt.costNanos, 0n)
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: MAX - spent })
  },
)
