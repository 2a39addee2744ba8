import { beforeEach, expect, test } from "vitest"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { endAllSessions, endOwnSession } from "./end-own-sessions"
import { listSessions } from "./list-sessions"
import { hashToken, newToken } from "./token"

const world = testDatabase()
const now = new Date("2026-11-30T12:00:00Z")
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

async function signIn(
  userId: string,
  began: Date,
  given: { used?: Date; expiresAt?: Date; agent?: string } = {},
) {
  const tokenHash = hashToken(newToken())
  const { id } = await world.db.session.create({
    data: {
      tokenHash,
      userId,
      createdAt: began,
      lastUsedAt: given.used ?? began,
      expiresAt: given.expiresAt ?? new Date(now.getTime() + DAY_MS),
      userAgent: given.agent ?? null,
    },
  })
  return { id, tokenHash }
}
const list = (tokenHash: string | null = null, userId = team.owner.userId) =>
  listSessions({ db: world.db, now }, { userId, tokenHash })

test("a person sees their own sessions that work: this browser's first, then by last use", async () => {
  const { userId } = team.owner
  const old = await signIn(userId, daysAgo(20), {
    used: daysAgo(10),
    agent: "Firefox/140.0 (Windows NT 10.0)",
  })
  const recent = await signIn(userId, daysAgo(30), { used: daysAgo(1) })
  const mine = await signIn(userId, daysAgo(40), { used: daysAgo(15) })
  await signIn(userId, daysAgo(50), { expiresAt: now })
  await signIn(team.admin.userId, daysAgo(1))
  const { sessions, hasMore } = await list(mine.tokenHash)
  expect(sessions.map(({ id, isThis }) => [id, isThis])).toEqual([
    [mine.id, true],
    [recent.id, false],
    [old.id, false],
  ])
  expect(hasMore).toBe(false)
  expect(sessions[2]).toEqual({
    id: old.id,
    browser: "Firefox on Windows",
    signedInAt: daysAgo(20),
    lastUsedAt: daysAgo(10),
    isThis: false,
  })
  expect(JSON.stringify(sessions)).not.toContain(mine.tokenHash)
})

test("fifty of a long list are shown, this browser's among them however old it is", async () => {
  const mine = await signIn(team.owner.userId, daysAgo(29))
  for (let n = 0; n < 50; n++) await signIn(team.owner.userId, daysAgo(1))
  const { sessions, hasMore } = await list(mine.tokenHash)
  expect([sessions.length, sessions[0]?.id, hasMore]).toEqual([50, mine.id, true])
  await endOwnSession(world.db, { userId: team.owner.userId, sessionId: sessions[1]?.id ?? "" })
  expect((await list(mine.tokenHash)).hasMore).toBe(false)
})

test("ending one ends no other, and can be told from having ended it before", async () => {
  const { userId } = team.owner
  const [one, other] = [await signIn(userId, daysAgo(1)), await signIn(userId, daysAgo(1))]
  await endOwnSession(world.db, { userId, sessionId: one.id })
  expect((await list()).sessions.map(({ id }) => id)).toEqual([other.id])
  await expect(endOwnSession(world.db, { userId, sessionId: one.id })).rejects.toThrow("has already ended")
})

test("nobody ends a session of somebody else", async () => {
  const { id } = await signIn(team.owner.userId, daysAgo(1))
  const asAdmin = endOwnSession(world.db, { userId: team.admin.userId, sessionId: id })
  await expect(asAdmin).rejects.toThrow("has already ended")
  await endAllSessions(world.db, team.admin.userId)
  expect((await list()).sessions).toHaveLength(1)
})

test("signing out everywhere leaves none", async () => {
  for (let n = 0; n < 3; n++) await signIn(team.owner.userId, daysAgo(n))
  await endAllSessions(world.db, team.owner.userId)
  expect(await world.db.session.count({ where: { userId: team.owner.userId } })).toBe(0)
  await endAllSessions(world.db, team.owner.userId)
})
