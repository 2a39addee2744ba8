import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import {
  askForPurchase,
  countOpenedCheckouts,
  crashAfter,
  readPurchase,
  startTestPurchase,
} from "@/dev/testing/purchases"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ConflictError, NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"

const world = testWorld()

describe("a purchase", () => {
  test.each(["owner", "admin"] as const)("by the %s opens a checkout for the pool", async (role) => {
    const team = await createTestTeam(world.db)
    const { ref, sessionId, customerId } = await startTestPurchase(world, team, { actor: team[role] })
    expect(sessionId).toMatch(/^cs_test_/)
    expect(await readPurchase(world, ref)).toMatchObject({
      status: "open",
      kind: "one_time",
      amountNanos: usd(25),
      capturedNanos: null,
      poolId: team.owner.poolId,
      requestedByMemberId: team[role].memberId,
    })
    const [customer] = (await world.stripe.control.requests({ path: `/v1/customers/${customerId}` })).data
    expect(customer?.status).toBe(200)
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("leaves one job that settles it after its checkout has ended", async () => {
    const team = await createTestTeam(world.db)
    const { ref } = await startTestPurchase(world, team)
    const { expiresAt } = await readPurchase(world, ref)
    const jobs = await world.db.$queryRaw<{ run_at: Date; payload: unknown }[]>`
      SELECT j.run_at, p.payload FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id)
      WHERE j.key = ${`settle-purchase:${ref.purchaseId}`}`
    expect(jobs).toHaveLength(1)
    expect(jobs[0]?.payload).toEqual(ref)
    expect(jobs[0]?.run_at.getTime()).toBeGreaterThan(expiresAt.getTime())
  })
})

describe("the same request key", () => {
  test("gives the same checkout again", async () => {
    const team = await createTestTeam(world.db)
    const requestKey = randomUUID()
    const first = await askForPurchase(world, team, { requestKey })
    expect(await askForPurchase(world, team, { requestKey })).toEqual(first)
    expect(await countOpenedCheckouts(world, team)).toBe(1)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("twenty times at once gives all the same checkout", async () => {
    const team = await createTestTeam(world.db)
    const requestKey = randomUUID()
    // Nobody passes the check of the role before all twenty have reached it.
    const barrier = await connect(world)
    await barrier.query("BEGIN")
    await barrier.query("SELECT 1 FROM members WHERE id = $1 FOR UPDATE", [team.owner.memberId])
    const asked = Promise.all(Array.from({ length: 20 }, () => askForPurchase(world, team, { requestKey })))
    await untilWaiting(barrier, 20)
    await barrier.query("COMMIT")
    await barrier.end()
    const answers = await asked
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await countOpenedCheckouts(world, team)).toBe(1)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(1)
    const limits = await world.db.rateLimit.findMany({ where: { subject: { contains: team.id } } })
    expect(limits.map(({ attempts }) => attempts)).toEqual([1, 1])
  })

  test.each([
    ["amount", () => ({ amountNanos: usd(26) })],
    ["pool", (team: Awaited<ReturnType<typeof createTestTeam>>) => ({ poolId: team.admin.poolId })],
    ["person", (team: Awaited<ReturnType<typeof createTestTeam>>) => ({ actor: team.admin })],
  ])("with another %s is a conflict and opens nothing", async (_, change) => {
    const team = await createTestTeam(world.db)
    const requestKey = randomUUID()
    await askForPurchase(world, team, { requestKey })
    await expect(askForPurchase(world, team, { requestKey, ...change(team) })).rejects.toThrow(ConflictError)
    expect(await countOpenedCheckouts(world, team)).toBe(1)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("in two teams is two purchases", async () => {
    const [one, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    const requestKey = randomUUID()
    const [first, second] = await Promise.all([
      startTestPurchase(world, one, { requestKey }),
      startTestPurchase(world, other, { requestKey }),
    ])
    expect(first.sessionId).not.toBe(second.sessionId)
    expect(first.customerId).not.toBe(second.customerId)
  })

  test("of a purchase that has ended is a conflict", async () => {
    const team = await createTestTeam(world.db)
    const requestKey = randomUUID()
    const { ref } = await startTestPurchase(world, team, { requestKey })
    await world.db.purchase.updateMany({ where: { id: ref.purchaseId }, data: { status: "cancelled" } })
    await expect(askForPurchase(world, team, { requestKey })).rejects.toThrow("This checkout has ended")
  })
})

describe("a crash", () => {
  test("after the purchase was written leads to the same checkout when asked again", async () => {
    const team = await createTestTeam(world.db)
    const requestKey = randomUUID()
    const crashed = askForPurchase(world, team, { requestKey, db: crashAfter(world.db, 1) })
    await expect(crashed).rejects.toThrow("The process ended here")
    const left = await world.db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
    expect(left).toMatchObject({ status: "created", checkoutSessionId: null })

    const { ref } = await startTestPurchase(world, team, { requestKey })
    expect(ref.purchaseId).toBe(left.id)
    expect(await readPurchase(world, ref)).toMatchObject({ status: "open" })
    expect(await countOpenedCheckouts(world, team)).toBe(1)
  })
})

describe("a pool that isn’t the team’s", () => {
  test.each([
    ["another team’s", async () => (await createTestTeam(world.db)).owner.poolId],
    ["nobody’s", async () => newId()],
  ])("is not found when it is %s", async (_, makePoolId) => {
    const team = await createTestTeam(world.db)
    const poolId = await makePoolId()
    await expect(askForPurchase(world, team, { poolId })).rejects.toThrow(NotFoundError)
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(0)
    expect(await countOpenedCheckouts(world, team)).toBe(0)
  })
})
