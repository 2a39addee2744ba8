import { beforeEach, expect, test } from "vitest"
import { beginRequest, request } from "@/dev/testing/requests"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { endSession, getCurrentUser, startSession } from "./session"
import { SESSION_IDLE_MS } from "./session-life"
import { hashToken } from "./token"

const world = testDatabase()
const COOKIE = "credits-session"
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
  beginRequest()
})

test("a session makes its person the current one until it ends", async () => {
  expect(await getCurrentUser()).toBeNull()
  await startSession(team.owner.userId)
  expect(await getCurrentUser()).toMatchObject({ id: team.owner.userId, email: team.owner.email })
  const token = request.cookies.get(COOKIE) ?? ""
  await endSession()
  expect(request.cookies.has(COOKIE)).toBe(false)
  // A thief who kept the cookie has nothing.
  request.cookies.set(COOKIE, token)
  expect(await getCurrentUser()).toBeNull()
})

test("a session that has expired is none, to the millisecond", async () => {
  await startSession(team.owner.userId)
  const tokenHash = hashToken(request.cookies.get(COOKIE) ?? "")
  await world.db.session.update({ where: { tokenHash }, data: { expiresAt: new Date() } })
  expect(await getCurrentUser()).toBeNull()
})

test("a new session ends the one that the browser had", async () => {
  await startSession(team.owner.userId)
  const first = request.cookies.get(COOKIE) ?? ""
  await startSession(team.admin.userId)
  expect(request.cookies.get(COOKIE)).not.toBe(first)
  expect(await getCurrentUser()).toMatchObject({ id: team.admin.userId })
  expect(await world.db.session.findUnique({ where: { tokenHash: hashToken(first) } })).toBeNull()
})

test("a session records where and when it began, and how long it lasts without use", async () => {
  beginRequest({ "user-agent": `Firefox/140.0 ${"x".repeat(1_000)}` })
  const before = Date.now()
  await startSession(team.owner.userId)
  const { createdAt, lastUsedAt, expiresAt, userAgent } = await world.db.session.findFirstOrThrow({
    where: { userId: team.owner.userId },
  })
  expect(createdAt.getTime()).toBeGreaterThanOrEqual(before)
  expect(lastUsedAt).toEqual(createdAt)
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(SESSION_IDLE_MS)
  expect(userAgent).toMatch(/^Firefox\/140.0 x{386}$/)
})

test("asking for the current user counts as use and prolongs the session", async () => {
  await startSession(team.owner.userId)
  const tokenHash = hashToken(request.cookies.get(COOKIE) ?? "")
  const began = new Date(Date.now() - 20 * DAY_MS)
  await world.db.session.update({
    where: { tokenHash },
    data: { createdAt: began, lastUsedAt: began, expiresAt: new Date(Date.now() + DAY_MS) },
  })
  await getCurrentUser()
  const { lastUsedAt, expiresAt } = await world.db.session.findUniqueOrThrow({ where: { tokenHash } })
  expect(lastUsedAt.getTime()).toBeGreaterThan(Date.now() - DAY_MS)
  expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * DAY_MS)
})

test.each(["", "x", "%", "' OR '1'='1", "a".repeat(10_000), "\u0000"])(
  "the cookie %o is nobody",
  async (value) => {
    request.cookies.set(COOKIE, value)
    expect(await getCurrentUser()).toBeNull()
  },
)

test("a person who is deleted has no session left", async () => {
  const { id } = await world.db.user.create({ data: { email: `${crypto.randomUUID()}@example.com` } })
  await startSession(id)
  await world.db.user.delete({ where: { id } })
  expect(await getCurrentUser()).toBeNull()
})
