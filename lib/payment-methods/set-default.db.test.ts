import { afterEach, describe, expect, test } from "vitest"
import { addCard, customerOf, methodCtx, readAtStripe, readCopy } from "@/dev/testing/payment-methods"
import { crashAfter } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ForbiddenError, UnavailableError } from "@/lib/errors"
import { stripeAt } from "@/stand-in/testing"
import { PaymentMethodNotFoundError } from "./errors"
import { setDefault } from "./set-default"
import { syncPaymentMethods } from "./sync-payment-methods"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

async function teamWithTwo(): Promise<{ team: TestTeam; first: string; second: string }> {
  const team = await createTestTeam(world.db)
  return { team, first: await addCard(world, team), second: await addCard(world, team, "pm_card_mastercard") }
}

const choose = (team: TestTeam, paymentMethodId: string, asked: Parameters<typeof methodCtx>[2] = {}) =>
  setDefault(methodCtx(world, team, asked), { paymentMethodId })

async function expectDefault(team: TestTeam, id: string): Promise<void> {
  expect((await readAtStripe(world, team)).defaultId).toBe(id)
  expect((await readCopy(world, team)).defaultId).toBe(id)
}

test.each(["owner", "admin"] as const)("the %s chooses the default, there and back again", async (role) => {
  const { team, first, second } = await teamWithTwo()
  for (const id of [second, first, second, second]) {
    await choose(team, id, { actor: team[role] })
    await expectDefault(team, id)
  }
})

test("leaves one job that finishes it at the subscriptions, should the process end", async () => {
  const { team, second } = await teamWithTwo()
  const now = new Date()
  await choose(team, second, { now })
  await choose(team, second, { now })
  const jobs = await world.db.$queryRaw<{ run_at: Date; payload: unknown }[]>`
    SELECT j.run_at, p.payload FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id)
    WHERE j.key = ${`pay-with-default:${team.id}`}`
  expect(jobs).toMatchObject([{ payload: { teamId: team.id } }])
  expect(jobs[0]?.run_at.getTime()).toBeGreaterThan(now.getTime())
})

test("twenty choices at once end in the same default here and at Stripe", async () => {
  const { team, first, second } = await teamWithTwo()
  await Promise.all(Array.from({ length: 20 }, (_, n) => choose(team, n % 2 ? first : second)))
  // Each has read back what it set. The last to read has the last word.
  await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
  expect(await readCopy(world, team)).toEqual(await readAtStripe(world, team))
})

test("a crash before the copy is written is made good by the next read", async () => {
  const { team, second } = await teamWithTwo()
  await expect(choose(team, second, { db: crashAfter(world.db, 1) })).rejects.toThrow("ended here")
  expect((await readAtStripe(world, team)).defaultId).toBe(second)
  await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
  await expectDefault(team, second)
})

describe("choosing is refused", () => {
  test("to a Member, and to a person of another team", async () => {
    const { team, first, second } = await teamWithTwo()
    const other = await createTestTeam(world.db)
    const { count } = await world.stripe.control.requests()
    for (const actor of [team.member, other.owner])
      await expect(choose(team, second, { actor })).rejects.toThrow(ForbiddenError)
    expect((await world.stripe.control.requests()).count).toBe(count)
    await expectDefault(team, first)
  })

  test("for another team’s payment method, without asking Stripe", async () => {
    const { team, first } = await teamWithTwo()
    const other = await createTestTeam(world.db)
    const foreign = await addCard(world, other)
    const { count } = await world.stripe.control.requests()
    for (const id of [foreign, "pm_nobody_knows"])
      await expect(choose(team, id)).rejects.toThrow(PaymentMethodNotFoundError)
    expect((await world.stripe.control.requests()).count).toBe(count)
    await expectDefault(team, first)
    await expectDefault(other, foreign)
  })

  test("for one that is gone at Stripe, and the copy learns of it", async () => {
    const { team, first, second } = await teamWithTwo()
    await stripeAt(world.stripe.url).paymentMethods.detach(second)
    await expect(choose(team, second)).rejects.toThrow(PaymentMethodNotFoundError)
    expect(await readCopy(world, team)).toEqual({ defaultId: first, ids: [first] })
  })

  test.each([{ kind: "reset" }, { kind: "status", status: 500 }, { kind: "answer_lost" }] as const)(
    "while Stripe is down (%o), and the next try works",
    async (fault) => {
      const { team, second } = await teamWithTwo()
      const match = { method: "POST", path: `/v1/customers/${await customerOf(world, team)}` } as const
      await world.stripe.control.fault({ match, times: 2, fault })
      await expect(choose(team, second)).rejects.toThrow(UnavailableError)
      await choose(team, second)
      await expectDefault(team, second)
    },
  )
})
