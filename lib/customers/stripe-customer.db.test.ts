import { expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { stripeAt } from "@/stand-in/testing"
import { requireStripeCustomer } from "./stripe-customer"

const world = testWorld()

test("twenty first purchases at once make one customer", async () => {
  const team = await createTestTeam(world.db)
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      requireStripeCustomer(world, { id: team.id, name: team.name, email: `person-${index}@example.com` }),
    ),
  )
  expect(new Set(ids).size).toBe(1)
  const { data } = await stripeAt(world.stripe.url).customers.list({ limit: 100 })
  expect(data.filter(({ metadata }) => metadata.team_id === toPublicId("team", team.id))).toHaveLength(1)
  expect(await world.db.stripeCustomer.findMany({ where: { teamId: team.id } })).toMatchObject([
    { id: ids[0] },
  ])
})

test("a first purchase that another one overtakes makes no second customer", async () => {
  const team = { ...(await createTestTeam(world.db)), email: "owner@example.com" }
  const overtaken = world.db.$extends({
    query: {
      stripeCustomer: {
        async count({ args, query }) {
          await requireStripeCustomer(world, team)
          return query(args)
        },
      },
    },
  }) as unknown as Db
  const id = await requireStripeCustomer({ db: overtaken }, team)
  const { data } = await stripeAt(world.stripe.url).customers.list({ limit: 100 })
  expect(data.filter(({ metadata }) => metadata.team_id === toPublicId("team", team.id))).toMatchObject([
    { id },
  ])
})

test("a customer that is known isn’t asked for again", async () => {
  const team = { ...(await createTestTeam(world.db)), email: "owner@example.com" }
  const first = await requireStripeCustomer(world, team)
  const { count } = await world.stripe.control.requests()
  expect(await requireStripeCustomer(world, { ...team, name: "Another name" })).toBe(first)
  expect((await world.stripe.control.requests()).count).toBe(count)
})

test("two teams never share a customer", async () => {
  const [one, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  const email = "same@example.com"
  const ids = await Promise.all([one, other].map((team) => requireStripeCustomer(world, { ...team, email })))
  expect(new Set(ids).size).toBe(2)
  await expect(
    world.db.stripeCustomer.create({ data: { id: "cus_second", teamId: one.id } }),
  ).rejects.toThrow("Unique constraint")
})
