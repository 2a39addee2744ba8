import { randomUUID } from "node:crypto"
import type { Adapter } from "next-auth/adapters"
import { beforeEach, expect, test } from "vitest"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { DAY_MS } from "@/lib/clock"
import { databaseAdapter } from "./adapter"
import { hashToken, newToken } from "./token"

const world = testDatabase()
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)
let adapter: Required<Adapter>
let userId: string

beforeEach(async () => {
  adapter = databaseAdapter(world.db) as Required<Adapter>
  userId = (await createTestTeam(world.db)).owner.userId
})

/** Everything that the sign-in tables hold, as one text. */
async function everythingStored(): Promise<string> {
  const { db } = world
  const rows = await Promise.all([
    db.session.findMany(),
    db.verificationToken.findMany(),
    db.account.findMany(),
  ])
  return JSON.stringify(rows)
}

test("a session is found by its token, of which the database holds only a hash", async () => {
  const sessionToken = newToken()
  const expires = inDays(30)
  await adapter.createSession({ sessionToken, userId, expires })
  expect(await adapter.getSessionAndUser(sessionToken)).toMatchObject({
    session: { sessionToken, userId, expires },
    user: { id: userId },
  })
  const stored = await everythingStored()
  expect(stored).not.toContain(sessionToken)
  expect(stored).toContain(hashToken(sessionToken))
})

test("whoever reads the database can’t sign in with what is stored", async () => {
  const sessionToken = newToken()
  await adapter.createSession({ sessionToken, userId, expires: inDays(30) })
  expect(await adapter.getSessionAndUser(hashToken(sessionToken))).toBeNull()
})

test("a session that ended is gone, and no other with it", async () => {
  const [one, other] = [newToken(), newToken()]
  for (const sessionToken of [one, other])
    await adapter.createSession({ sessionToken, userId, expires: inDays(30) })
  await adapter.deleteSession(one)
  await adapter.deleteSession(one)
  expect(await adapter.getSessionAndUser(one)).toBeNull()
  expect(await adapter.getSessionAndUser(other)).not.toBeNull()
})

test("a session says when it expires, so that next-auth can end it, and can be prolonged", async () => {
  const sessionToken = newToken()
  await adapter.createSession({ sessionToken, userId, expires: inDays(-1) })
  const found = await adapter.getSessionAndUser(sessionToken)
  expect(found?.session.expires.getTime()).toBeLessThan(Date.now())
  const expires = inDays(3)
  await adapter.updateSession({ sessionToken, expires })
  expect((await adapter.getSessionAndUser(sessionToken))?.session.expires).toEqual(expires)
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

test("what next-auth doesn’t mention of a person stays as it was", async () => {
  const before = await adapter.getUser(userId)
  const emailVerified = new Date()
  await adapter.updateUser({ id: userId, emailVerified })
  expect(await adapter.getUser(userId)).toEqual({ ...before, emailVerified })
})
