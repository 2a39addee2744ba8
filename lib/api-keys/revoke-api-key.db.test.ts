import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { revokeApiKey } from "./revoke-api-key"

const world = testDatabase()
const now = new Date("2026-11-22T10:00:00Z")
let team: TestTeam
let id: string

beforeEach(async () => {
  team = await createTestTeam(world.db)
  id = (await createTestApiKey(world.db, team)).id
})

const revoke = (by: TestMember, apiKeyId = id, at = now) =>
  revokeApiKey({ db: world.db, now: at, team, actor: by }, { apiKeyId })
const revokedAt = async () =>
  (await world.db.apiKey.findUniqueOrThrow({ where: { teamId_id: { teamId: team.id, id } } })).revokedAt

describe("a key is revoked", () => {
  test.each(["owner", "admin"] as const)("by the %s, and no other key with it", async (role) => {
    const other = await createTestApiKey(world.db, team)
    await revoke(team[role])
    expect(await revokedAt()).toEqual(now)
    expect(await world.db.apiKey.findMany({ where: { teamId: team.id, revokedAt: null } })).toMatchObject([
      { id: other.id },
    ])
  })

  test("once, however often and by how many it is asked", async () => {
    await revoke(team.owner)
    await revoke(team.admin, id, new Date("2026-12-01T10:00:00Z"))
    await Promise.all(Array.from({ length: 10 }, () => revoke(team.owner, id, new Date())))
    expect(await revokedAt()).toEqual(now)
  })
})

describe("a key is not revoked", () => {
  test("by a Member, a person who was removed, or an Owner of another team", async () => {
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: now } })
    const others = await createTestTeam(world.db)
    for (const person of [team.member, team.admin, others.owner])
      await expect(revoke(person)).rejects.toThrow(ForbiddenError)
    expect(await revokedAt()).toBeNull()
  })

  test("through another team: it answers as an id that nobody has", async () => {
    const others = await createTestTeam(world.db)
    const foreign = { db: world.db, now, team: others, actor: others.owner }
    await expect(revokeApiKey(foreign, { apiKeyId: id })).rejects.toThrow(NotFoundError)
    await expect(revoke(team.owner, newId())).rejects.toThrow(NotFoundError)
    expect(await revokedAt()).toBeNull()
  })
})
