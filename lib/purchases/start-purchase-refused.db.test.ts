import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { askForPurchase, countOpenedCheckouts } from "@/dev/testing/purchases"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld, type World } from "@/dev/testing/world"
import { ForbiddenError, TooManyAttemptsError } from "@/lib/errors"
import { CHECKOUT_LIMITS, CHECKOUT_WINDOW_MS } from "@/lib/rate-limits/take-checkout-attempt"

const world = testWorld()

async function expectNothing(team: TestTeam): Promise<void> {
  expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  expect(await world.db.stripeCustomer.count({ where: { teamId: team.id } })).toBe(0)
  const { data } = await world.stripe.control.requests()
  expect(data.filter(({ idempotencyKey }) => idempotencyKey?.includes(team.id))).toEqual([])
}

const countCalls = async ({ stripe }: World) => (await stripe.control.requests()).count

describe("a purchase is refused", () => {
  test("to a Member", async () => {
    const team = await createTestTeam(world.db)
    const before = await countCalls(world)
    await expect(askForPurchase(world, team, { actor: team.member })).rejects.toThrow(ForbiddenError)
    await expectNothing(team)
    expect(await countCalls(world)).toBe(before)
  })

  test("to a person who was removed", async () => {
    const team = await createTestTeam(world.db)
    await world.db.member.updateMany({
      where: { id: team.admin.memberId },
      data: { removedAt: new Date() },
    })
    await expect(askForPurchase(world, team, { actor: team.admin })).rejects.toThrow(ForbiddenError)
    await expectNothing(team)
  })

  test("for the pool of somebody who has left, until they are back", async () => {
    const team = await createTestTeam(world.db)
    const holder = (removedAt: Date | null) =>
      world.db.member.updateMany({ where: { id: team.member.memberId }, data: { removedAt } })
    await holder(new Date())
    const ask = () => askForPurchase(world, team, { poolId: team.member.poolId })
    await expect(ask()).rejects.toThrow("has left the team")
    await expectNothing(team)
    await holder(null)
    expect(await ask()).toHaveProperty("clientSecret")
  })

  test("to an Owner of another team", async () => {
    const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    await expect(askForPurchase(world, team, { actor: other.owner })).rejects.toThrow(ForbiddenError)
    await expectNothing(team)
  })

  test("to an Admin whose demotion commits between check and write", async () => {
    const team = await createTestTeam(world.db)
    const demotion = await connect(world)
    try {
      await demotion.query("BEGIN")
      await demotion.query("UPDATE members SET role = 'MEMBER' WHERE id = $1", [team.admin.memberId])
      const asked = askForPurchase(world, team, { actor: team.admin })
      asked.catch(() => undefined)
      // Without the lock nothing would wait here, and the purchase would be written with the old role.
      const settled = asked.then(
        () => "settled",
        () => "settled",
      )
      expect(await Promise.race([settled, untilWaiting(demotion).then(() => "waits")])).toBe("waits")
      await demotion.query("COMMIT")
      await expect(asked).rejects.toThrow(ForbiddenError)
    } finally {
      await demotion.end()
    }
    await expectNothing(team)
  })

  test("by the database when its amount is not whole cents or not above zero", async () => {
    const team = await createTestTeam(world.db)
    for (const amount of [0n, -usd(5), usd(5) + 1n])
      await expect(askForPurchase(world, team, { amountNanos: amount })).rejects.toThrow(
        "purchases_amount_nanos_check",
      )
    await expectNothing(team)
  })
})

describe("a flood of purchases", () => {
  const now = new Date()

  test("by one person ends at the limit, and begins anew in the next window", async () => {
    const team = await createTestTeam(world.db)
    const before = await countCalls(world)
    const flood = Array.from({ length: 200 }, (_, index) => ({ address: `10.0.0.${index}`, now }))
    const attempts: PromiseSettledResult<unknown>[] = []
    // As many at once as there are connections.
    for (let sent = 0; sent < flood.length; sent += 50) {
      const wave = flood.slice(sent, sent + 50).map((asked) => askForPurchase(world, team, asked))
      attempts.push(...(await Promise.allSettled(wave)))
    }
    const refused = attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason] : []))
    expect(refused.filter((error) => !(error instanceof TooManyAttemptsError))).toEqual([])
    expect(refused).toHaveLength(200 - CHECKOUT_LIMITS.user)
    expect(await countOpenedCheckouts(world, team)).toBe(CHECKOUT_LIMITS.user)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(CHECKOUT_LIMITS.user)

    const flooded = await countCalls(world)
    // Each that passed asked for a checkout, and some for the customer. A refusal asks Stripe for nothing.
    expect(flooded - before).toBeLessThanOrEqual(CHECKOUT_LIMITS.user * 3)
    await expect(askForPurchase(world, team, { now })).rejects.toThrow(TooManyAttemptsError)
    expect(await countCalls(world)).toBe(flooded)
    await askForPurchase(world, team, { now: new Date(now.getTime() + CHECKOUT_WINDOW_MS) })
  })

  test("by several people of a team, and from one address, ends at their limits", async () => {
    const team = await createTestTeam(world.db)
    const windowStart = new Date(now.getTime() - (now.getTime() % CHECKOUT_WINDOW_MS))
    const fill = (subject: string, attempts: number) =>
      world.db.rateLimit.create({ data: { subject, windowStart, attempts } })
    await fill(`checkout:team:${team.id}`, CHECKOUT_LIMITS.team)
    await expect(askForPurchase(world, team, { now })).rejects.toThrow(TooManyAttemptsError)
    const other = await createTestTeam(world.db)
    await fill("checkout:address:192.0.2.1", CHECKOUT_LIMITS.address)
    await expect(askForPurchase(world, other, { now, address: "192.0.2.1" })).rejects.toThrow(
      TooManyAttemptsError,
    )
    await expectNothing(team)
    await expectNothing(other)
    await askForPurchase(world, other, { now, address: "192.0.2.2" })
  })
})
