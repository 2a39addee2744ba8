import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { TooManyAttemptsError } from "@/lib/errors"
import { createTeam, TEAM_LIMITS } from "./create-team"

const world = testDatabase()
const now = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS)

const person = async () => (await world.db.user.create({ data: { email: `${randomUUID()}@example.com` } })).id
const create = (userId: string, address: string, name = "Northwind", at = now) =>
  createTeam({ db: world.db, now: at }, { name, owner: { userId, email: `${userId}@example.com` }, address })

test("exactly the day's share of one person's flood becomes teams, each with its Owner", async () => {
  const one = await person()
  const flood = await Promise.allSettled(Array.from({ length: 25 }, () => create(one, randomUUID())))
  const refused = flood.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
  expect(refused.every((error) => error instanceof TooManyAttemptsError)).toBe(true)
  expect(refused).toHaveLength(25 - TEAM_LIMITS.user)
  expect(await world.db.member.count({ where: { userId: one, role: "OWNER" } })).toBe(TEAM_LIMITS.user)
  await create(one, randomUUID(), "Northwind", new Date(now.getTime() + DAY_MS))
})

test("an address has a share too, whoever asks", async () => {
  const address = randomUUID()
  await world.db.rateLimit.create({
    data: { subject: `team:address:${address}`, windowStart: now, attempts: TEAM_LIMITS.address - 1 },
  })
  await create(await person(), address)
  await expect(create(await person(), address)).rejects.toThrow(TooManyAttemptsError)
})

test.each(["Admin", "Login", "Support", "Security", "Status", "www", "API", "Sign in"])(
  "a team called %s doesn’t get that address",
  async (name) => {
    const { slug } = await create(await person(), randomUUID(), name)
    expect(slug).toMatch(/^[a-z-]+-[0-9a-f]{6}$/)
  },
)
