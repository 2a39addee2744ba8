import { randomUUID } from "node:crypto"
import type { Adapter } from "next-auth/adapters"
import { beforeEach, expect, test } from "vitest"
import { beginRequest, request } from "@/dev/testing/requests"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { databaseAdapter } from "./adapter"
import { getCurrentUser } from "./session"
import { hashToken, newToken } from "./token"

const world = testDatabase()
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)
let adapter: Required<Adapter>
let userId: string

beforeEach(async () => {
  beginRequest()
  adapter = databaseAdapter(world.db) as Required<Adapter>
  userId = (await createTestTeam(world.db)).owner.userId
})

/** Returns everything in the sign-in tables as one text. */
async function everythingStored(): Promise<string> {
  const { db } = world
  const rows = await Promise.all([
    db.session.findMany(),
    db.verificationToken.findMany(),
    db.account.findMany(),
  ])
  return JSON.stringify(rows)
}

test("a session begins by its token, of which the database holds only a hash", async () => {
  const sessionToken = newToken()
  await adapter.createSession({ sessionToken, userId, expires: inDays(90) })
  const stored = await everythingStored()
  expect(stored).not.toContain(sessionToken)
  expect(stored).toContain(hashToken(sessionToken))
  request.cookies.set(SESSION_COOKIE, sessionToken)
  expect(await getCurrentUser()).toMatchObject({ id: userId })
})

test("a reader of the database can’t sign in with what is stored", async () => {
  const sessionToken = newToken()
  await adapter.createSession({ sessionToken, userId, expires: inDays(90) })
  request.cookies.set(SESSION_COOKIE, hashToken(sessionToken))
  expect(await getCurrentUser()).toBeNull()
})

test("a session that the browser brings along ends with the new one, and nothing is added to its person", async () => {
  const { admin } = await createTestTeam(world.db)
  const planted = await startTestSession(world.db, admin.userId)
  request.cookies.set(SESSION_COOKIE, planted)
  expect(await adapter.getSessionAndUser(planted)).toBeNull()
  await adapter.createSession({ sessionToken: newToken(), userId, expires: inDays(90) })
  expect(await world.db.session.count({ where: { userId: admin.userId } })).toBe(0)
})

test("a person is one, however the address is written", async () => {
  const email = `Person.${randomUUID()}@Example.com`
  const created = await adapter.createUser({ id: "", email, emailVerified: null })
  expect(created.email).toBe(email.toLowerCase())
  expect(await adapter.getUserByEmail(email.toUpperCase())).toMatchObject({ id: created.id })
  await expect(
    adapter.createUser({ id: "", email: email.toLowerCase(), emailVerified: null }),
  ).rejects.toThrow("Unique constraint")
  await expect(world.db.user.create({ data: { email: `X${email}` } })).rejects.toThrow("users_email_check")
})

test("a name that can’t be shown as it is written is not kept", async () => {
  const create = (name: string) =>
    adapter.createUser({ id: "", email: `${randomUUID()}@example.com`, emailVerified: null, name })
  expect((await create("Ada Marlow")).name).toBe("Ada Marlow")
  for (const name of ["Ada\u202Ewolram", "\u200B", "", "x".repeat(121)])
    expect((await create(name)).name).toBeNull()
})

test("a provider’s account leads to its person, and its tokens are not kept", async () => {
  const providerAccountId = randomUUID()
  const secret = "provider_token_that_nobody_needs"
  await adapter.linkAccount({
    userId,
    provider: "github",
    providerAccountId,
    type: "oauth",
    access_token: secret,
    refresh_token: secret,
    id_token: secret,
  })
  expect(await adapter.getUserByAccount({ provider: "github", providerAccountId })).toMatchObject({
    id: userId,
  })
  expect(await adapter.getUserByAccount({ provider: "google", providerAccountId })).toBeNull()
  expect(await everythingStored()).not.toContain(secret)
})
