import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey, fillApiKeys } from "@/dev/testing/api-keys"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { listApiKeys } from "./queries"
import { revokeApiKey } from "./revoke-api-key"
import { API_KEY_SCOPES } from "./scopes"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const at = (day: number) => new Date(Date.UTC(2026, 10, day))

describe("the list", () => {
  test("has the keys that work, the newest first, then the revoked, the last first", async () => {
    const make = (name: string, day: number) => createTestApiKey(world.db, team, { name, now: at(day) })
    const [a, b, c] = [await make("a", 1), await make("b", 2), await make("c", 3)]
    await make("d", 4)
    for (const [{ id }, day] of [
      [c, 5],
      [a, 6],
    ] as const)
      await revokeApiKey({ db: world.db, now: at(day), team, actor: team.owner }, { apiKeyId: id })
    const { keys, activeCount, hasMoreRevoked } = await listApiKeys({ db: world.db, now: at(20) }, team.id)
    expect(keys.map(({ name, revokedAt }) => [name, revokedAt])).toEqual([
      ["d", null],
      ["b", null],
      ["a", at(6)],
      ["c", at(5)],
    ])
    expect([activeCount, hasMoreRevoked]).toEqual([2, false])
    expect(keys[1]).toEqual({
      id: b.id,
      name: "b",
      last4: b.apiKey.slice(-4),
      scopes: [...API_KEY_SCOPES],
      createdAt: at(2),
      createdBy: { name: "OWNER of the test", hasLeft: false },
      revokedAt: null,
      expiresAt: null,
      secretSince: at(2),
      oldSecrets: [],
      lastUsedAt: null,
      spentThisMonthNanos: 0n,
      limitNanos: null,
    })
  })

  test("is the team’s own", async () => {
    const others = await createTestTeam(world.db)
    await createTestApiKey(world.db, others)
    expect((await listApiKeys({ db: world.db, now: at(20) }, team.id)).keys).toEqual([])
    expect((await listApiKeys({ db: world.db, now: at(20) }, others.id)).keys).toHaveLength(1)
  })

  test("says of a key whether its maker has left, and nothing of one that nobody made", async () => {
    await createTestApiKey(world.db, team, { by: team.admin, now: at(2) })
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: at(3) } })
    const nobodys = { teamId: team.id, name: "Old", keyHash: "h", last4: "abcd", scopes: ["agent:run"] }
    await world.db.apiKey.create({ data: { ...nobodys, createdAt: at(1) } })
    const { keys } = await listApiKeys({ db: world.db, now: at(20) }, team.id)
    expect(keys.map(({ createdBy }) => createdBy)).toEqual([
      { name: "ADMIN of the test", hasLeft: true },
      null,
    ])
  })

  test("ends after the last twenty that were revoked, and says so", async () => {
    await fillApiKeys(world.db, team, 21, at(1))
    const { keys, hasMoreRevoked } = await listApiKeys({ db: world.db, now: at(20) }, team.id)
    expect([keys.length, keys[0]?.name, keys.at(-1)?.name]).toEqual([20, "Key 21", "Key 2"])
    expect(hasMoreRevoked).toBe(true)
  })
})

describe("the table", () => {
  const change = (assignment: string) =>
    sql.query(`UPDATE api_keys SET ${assignment} WHERE team_id = $1`, [team.id])

  test("refuses to bring a revoked key back, or to move the time", async () => {
    await createTestApiKey(world.db, team)
    await change("revoked_at = now()")
    for (const assignment of ["revoked_at = NULL", "revoked_at = now() + interval '1 day'"])
      await expect(change(assignment)).rejects.toThrow("a revoked API key stays revoked")
    await change("revoked_at = revoked_at, name = 'Renamed'")
  })

  test.each([
    "key_hash = 'another'",
    "last4 = 'zzzz'",
    "id = uuidv7()",
    "created_at = now() - interval '1 day'",
    "created_by_member_id = NULL",
    "team_id = (SELECT id FROM teams WHERE id <> api_keys.team_id LIMIT 1)",
  ])("refuses %s", async (assignment) => {
    await createTestTeam(world.db)
    await createTestApiKey(world.db, team)
    await expect(change(assignment)).rejects.toThrow("what an API key is never changes")
  })

  test.each(["scopes = '{}'", "scopes = '{everything}'", "scopes = '{usage:write,NULL}'"])(
    "refuses %s",
    async (assignment) => {
      await createTestApiKey(world.db, team)
      await expect(change(assignment)).rejects.toThrow("api_keys_scopes_known")
    },
  )

  test("refuses a name that is empty or too long, and a maker of another team", async () => {
    const others = await createTestTeam(world.db)
    const row = { teamId: team.id, name: "x", keyHash: "h", last4: "abcd", scopes: ["agent:run"] }
    for (const name of ["", "x".repeat(81)])
      await expect(world.db.apiKey.create({ data: { ...row, name } })).rejects.toThrow("api_keys_name_length")
    const foreign = { ...row, createdByMemberId: others.owner.memberId }
    await expect(world.db.apiKey.create({ data: foreign })).rejects.toThrow("api_keys_created_by_fkey")
  })
})
