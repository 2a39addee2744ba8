import { randomUUID } from "node:crypto"
import { beforeEach, expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { MINUTE_MS } from "@/lib/clock"
import { findSignInLink, redeemSignInLink } from "./redeem-sign-in-link"
import { LINK_LIFETIME_MS } from "./send-sign-in-link"
import { hashToken, newToken } from "./token"

const world = testDatabase()
const now = new Date("2026-11-30T12:00:00Z")
const at = (ms: number) => ({ db: world.db, now: new Date(now.getTime() + ms) })
let email: string
let token: string

/** Mails a link at noon. */
async function mailLink(to: string): Promise<string> {
  const made = newToken()
  const expiresAt = new Date(now.getTime() + LINK_LIFETIME_MS)
  await world.db.verificationToken.create({
    data: { identifier: to, tokenHash: hashToken(made), expiresAt },
  })
  return made
}

beforeEach(async () => {
  email = `${randomUUID()}@example.com`
  token = await mailLink(email)
})

test("looking at a link, however often, spends nothing", async () => {
  for (let look = 0; look < 20; look += 1) expect(await findSignInLink(at(0), token)).toEqual({ email })
  expect(await redeemSignInLink(at(0), token)).not.toBeNull()
  expect(await findSignInLink(at(0), token)).toBeNull()
})

test("fifty redeem it at once, and one is signed in", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeemSignInLink(at(0), token)))
  const { id } = await world.db.user.findUniqueOrThrow({ where: { email } })
  expect(answers.filter(Boolean)).toEqual([{ userId: id }])
  expect(await redeemSignInLink(at(0), token)).toBeNull()
})

test("fifteen minutes later it is worth nothing, and stays so", async () => {
  expect(await findSignInLink(at(LINK_LIFETIME_MS - 1), token)).toEqual({ email })
  expect(await findSignInLink(at(LINK_LIFETIME_MS), token)).toBeNull()
  expect(await redeemSignInLink(at(LINK_LIFETIME_MS), token)).toBeNull()
  expect(await redeemSignInLink(at(0), token)).toBeNull()
  expect(await world.db.user.count({ where: { email } })).toBe(0)
})

test("a reader of the database can’t sign in with what is stored", async () => {
  const stored = await world.db.verificationToken.findFirstOrThrow({ where: { identifier: email } })
  expect(JSON.stringify(stored)).not.toContain(token)
  expect(await redeemSignInLink(at(0), stored.tokenHash)).toBeNull()
})

test("it proves the address of who exists already, the first time only", async () => {
  const { owner } = await createTestTeam(world.db)
  await world.db.user.update({ where: { id: owner.userId }, data: { emailVerifiedAt: null } })
  const verifiedAt = async () =>
    (await world.db.user.findUniqueOrThrow({ where: { id: owner.userId } })).emailVerifiedAt
  for (const when of [0, MINUTE_MS]) {
    expect(await redeemSignInLink(at(when), await mailLink(owner.email))).toEqual({ userId: owner.userId })
    expect(await verifiedAt()).toEqual(now)
  }
})

test("a used link ends the others of its address, and nobody else’s", async () => {
  const others = [await mailLink(email), await mailLink(email)]
  const foreign = await mailLink(`${randomUUID()}@example.com`)
  expect(await redeemSignInLink(at(0), token)).not.toBeNull()
  for (const other of others) {
    expect(await findSignInLink(at(0), other)).toBeNull()
    expect(await redeemSignInLink(at(0), other)).toBeNull()
  }
  expect(await findSignInLink(at(0), foreign)).not.toBeNull()
  expect(await redeemSignInLink(at(0), await mailLink(email))).not.toBeNull()
})

test("a link that is too old ends no other", async () => {
  await world.db.verificationToken.update({
    where: { tokenHash: hashToken(token) },
    data: { expiresAt: now },
  })
  const fresh = await mailLink(email)
  expect(await redeemSignInLink(at(0), token)).toBeNull()
  expect(await redeemSignInLink(at(0), fresh)).not.toBeNull()
})

test("ten links of one new person are redeemed at once, and one signs in", async () => {
  const links = [token, ...(await Promise.all(Array.from({ length: 9 }, () => mailLink(email))))]
  const answers = await Promise.all(links.map((link) => redeemSignInLink(at(0), link)))
  const { id } = await world.db.user.findUniqueOrThrow({ where: { email } })
  expect(answers.filter(Boolean)).toEqual([{ userId: id }])
})
