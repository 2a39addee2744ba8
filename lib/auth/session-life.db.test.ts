import { beforeEach, expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { expiryOf, prolongSession } from "./session-life"
import { hashToken, newToken } from "./token"

const world = testDatabase()
const began = new Date("2026-09-01T12:00:00Z")
const inDays = (days: number) => new Date(began.getTime() + days * DAY_MS)
let tokenHash: string

beforeEach(async () => {
  const { owner } = await createTestTeam(world.db)
  tokenHash = hashToken(newToken())
  await world.db.session.create({
    data: {
      tokenHash,
      userId: owner.userId,
      createdAt: began,
      lastUsedAt: began,
      expiresAt: expiryOf(began, began),
    },
  })
})

const read = () => world.db.session.findUniqueOrThrow({ where: { tokenHash } })
async function use(now: Date) {
  await prolongSession({ db: world.db, now }, { tokenHash, lastUsedAt: (await read()).lastUsedAt })
  return read()
}

test("a session that nobody uses ends after 30 days, and each use gives it 30 more", async () => {
  expect((await read()).expiresAt).toEqual(inDays(30))
  expect((await use(inDays(29))).expiresAt).toEqual(inDays(59))
})

test("however much it is used, it ends 90 days after it began", async () => {
  for (const day of [20, 40, 60, 80, 89]) await use(inDays(day))
  expect(await read()).toMatchObject({ lastUsedAt: inDays(89), expiresAt: inDays(90) })
})

test("the database itself lets no session live longer", async () => {
  const prolong = (ms: number) =>
    world.db.session.update({
      where: { tokenHash },
      data: { expiresAt: new Date(inDays(90).getTime() + ms) },
    })
  await prolong(0)
  await expect(prolong(1)).rejects.toThrow("sessions_absolute_life_check")
})

test("use is written down once a day, so that other pages write nothing", async () => {
  const noon = inDays(1)
  const later = new Date(noon.getTime() + 11 * 3_600_000)
  await use(noon)
  expect((await use(later)).lastUsedAt).toEqual(noon)
  const afterMidnight = new Date(noon.getTime() + 12 * 3_600_000)
  expect((await use(afterMidnight)).lastUsedAt).toEqual(afterMidnight)
})

test("a session that has ended is not revived by being used", async () => {
  expect(await use(inDays(30))).toMatchObject({ lastUsedAt: began, expiresAt: inDays(30) })
  await world.db.session.delete({ where: { tokenHash } })
  await prolongSession({ db: world.db, now: inDays(2) }, { tokenHash, lastUsedAt: began })
  expect(await world.db.session.count({ where: { tokenHash } })).toBe(0)
})
