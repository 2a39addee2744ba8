import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { hashToken } from "@/lib/auth/token"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { ConflictError, ForbiddenError, NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { listApiKeys } from "./queries"
import { renameApiKey } from "./rename-api-key"
import { revokeApiKey } from "./revoke-api-key"
import { rollApiKey } from "./roll-api-key"

const world = testDatabase()
const sql = testSql(world)
const made = new Date("2026-11-01T10:00:00Z")
const now = new Date("2026-11-22T10:00:00Z")
let team: TestTeam
let key: { id: string; apiKey: string }

beforeEach(async () => {
  team = await createTestTeam(world.db)
  key = await createTestApiKey(world.db, team, { now: made })
})

const ctx = (by: TestMember, at = now, of = team) => ({
  db: world.db,
  now: at,
  team: of,
  actor: { ...by, address: "203.0.113.7" },
})
const roll = (
  overlapHours: number,
  { by = team.owner, at = now, expiresInDays = undefined as number | undefined } = {},
) => rollApiKey(ctx(by, at), { apiKeyId: key.id, overlapHours, expiresInDays })
const row = () => world.db.apiKey.findUniqueOrThrow({ where: { teamId_id: { teamId: team.id, id: key.id } } })
const oldSecrets = () =>
  world.db.apiKeyFormerSecret.findMany({ where: { teamId: team.id }, orderBy: { replacedAt: "asc" } })
const later = (ms: number) => new Date(now.getTime() + ms)

describe("a rolled key", () => {
  test("has a new secret, stays the same key, and its old secret works for the time chosen", async () => {
    const rolled = await roll(24, { by: team.admin, expiresInDays: 30 })
    expect(rolled.apiKey).not.toBe(key.apiKey)
    expect(await row()).toMatchObject({
      id: key.id,
      createdAt: made,
      keyHash: hashToken(rolled.apiKey),
      last4: rolled.apiKey.slice(-4),
      rolledAt: now,
      expiresAt: later(30 * DAY_MS),
    })
    expect(await oldSecrets()).toMatchObject([
      { keyHash: hashToken(key.apiKey), worksUntil: later(24 * HOUR_MS), last4: key.apiKey.slice(-4) },
    ])
    const [listed, ...others] = (await listApiKeys(ctx(team.owner), team.id)).keys
    expect(others).toEqual([])
    expect(listed?.oldSecrets).toEqual([{ last4: key.apiKey.slice(-4), worksUntil: later(24 * HOUR_MS) }])
    expect((await listApiKeys({ db: world.db, now: later(DAY_MS) }, team.id)).keys[0]?.oldSecrets).toEqual([])
  })

  test("ends all earlier secrets when the old one is to stop at once", async () => {
    await roll(168)
    await roll(0, { at: later(HOUR_MS) })
    expect((await oldSecrets()).map(({ worksUntil }) => worksUntil)).toEqual([later(HOUR_MS), later(HOUR_MS)])
  })

  test("leaves earlier secrets their time otherwise", async () => {
    await roll(24)
    await roll(1, { at: later(HOUR_MS) })
    expect((await oldSecrets()).map(({ worksUntil }) => worksUntil)).toEqual([
      later(24 * HOUR_MS),
      later(2 * HOUR_MS),
    ])
  })

  test("doesn’t prolong a secret that ends sooner, or that has ended", async () => {
    await roll(0, { expiresInDays: 7 })
    await roll(168, { at: later(6 * DAY_MS), expiresInDays: 7 })
    await roll(168, { at: later(20 * DAY_MS) })
    const ends = (await oldSecrets()).map(({ worksUntil }) => worksUntil)
    expect(ends.slice(1)).toEqual([later(7 * DAY_MS), later(13 * DAY_MS)])
    expect((await row()).expiresAt).toBeNull()
  })

  test("is written to the audit log without a secret", async () => {
    const { apiKey } = await roll(1)
    const [event] = await world.db.auditEvent.findMany({ where: { teamId: team.id, kind: "api_key.rolled" } })
    expect(event).toMatchObject({ memberId: team.owner.memberId, subjectName: "A key of the test" })
    expect(JSON.stringify(event)).not.toContain(apiKey.slice(-43))
  })

  test("rolled by many at once has one secret for each, and forgets none", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => roll(24, { at: later(n) })))
    expect(await oldSecrets()).toHaveLength(8)
  })
})

describe("a key is neither rolled nor renamed", () => {
  test("by a Member or another team’s Owner", async () => {
    const others = await createTestTeam(world.db)
    for (const by of [team.member, others.owner]) {
      await expect(roll(1, { by })).rejects.toThrow(ForbiddenError)
      await expect(renameApiKey(ctx(by), { apiKeyId: key.id, name: "x" })).rejects.toThrow(ForbiddenError)
    }
    const theirs = ctx(others.owner, now, others)
    await expect(rollApiKey(theirs, { apiKeyId: key.id, overlapHours: 1 })).rejects.toThrow(NotFoundError)
    await expect(renameApiKey(theirs, { apiKeyId: key.id, name: "x" })).rejects.toThrow(NotFoundError)
    await expect(renameApiKey(ctx(team.owner), { apiKeyId: newId(), name: "x" })).rejects.toThrow(
      NotFoundError,
    )
    expect(await row()).toMatchObject({ rolledAt: null, name: "A key of the test" })
  })

  test("once it is revoked", async () => {
    await revokeApiKey(ctx(team.owner), { apiKeyId: key.id })
    await expect(roll(1)).rejects.toThrow(ConflictError)
    await expect(renameApiKey(ctx(team.owner), { apiKeyId: key.id, name: "x" })).rejects.toThrow(
      ConflictError,
    )
  })
})

test("a key takes another name, and the log says which it had", async () => {
  await renameApiKey(ctx(team.admin), { apiKeyId: key.id, name: "Nightly" })
  await renameApiKey(ctx(team.admin), { apiKeyId: key.id, name: "Nightly" })
  expect((await row()).name).toBe("Nightly")
  const events = await world.db.auditEvent.findMany({ where: { teamId: team.id, kind: "api_key.renamed" } })
  expect(events).toMatchObject([{ before: { name: "A key of the test" }, after: { name: "Nightly" } }])
})

describe("the tables", () => {
  test.each([
    "UPDATE api_keys SET key_hash = 'x', rolled_at = now() WHERE team_id = $1",
    "UPDATE api_keys SET expires_at = now() + interval '1 day' WHERE team_id = $1",
    "UPDATE api_keys SET rolled_at = now() WHERE team_id = $1",
  ])("refuse a secret or an end that no roll made: %s", async (statement) => {
    await expect(sql.query(statement, [team.id])).rejects.toThrow("what an API key is never changes")
  })

  test("refuse to let a replaced secret work longer", async () => {
    await roll(1)
    const change = "UPDATE api_key_former_secrets SET works_until = works_until"
    await expect(sql.query(`${change} + interval '1 second' WHERE team_id = $1`, [team.id])).rejects.toThrow(
      "a replaced secret never works longer",
    )
    await sql.query(`${change} - interval '1 second' WHERE team_id = $1`, [team.id])
  })
})
