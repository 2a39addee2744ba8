import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey, fillApiKeys } from "@/dev/testing/api-keys"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError, ForbiddenError } from "@/lib/errors"
import { parseApiKey } from "./key-text"
import { createApiKeySchema, MAX_ACTIVE_API_KEYS } from "./schema"
import { API_KEY_SCOPES } from "./scopes"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const countActive = () => world.db.apiKey.count({ where: { teamId: team.id, revokedAt: null } })

describe("a key", () => {
  test.each(["owner", "admin"] as const)("made by the %s is found by its team and hash", async (role) => {
    const now = new Date("2026-11-22T10:00:00Z")
    const { id, apiKey } = await createTestApiKey(world.db, team, {
      name: "Production",
      scopes: ["usage:write", "agent:run"],
      by: team[role],
      now,
    })
    const parsed = parseApiKey(apiKey)
    if (!parsed) throw new Error("A new key can be parsed")
    expect(await world.db.apiKey.findUnique({ where: { teamId_keyHash: parsed } })).toEqual({
      teamId: team.id,
      id,
      name: "Production",
      keyHash: parsed.keyHash,
      last4: apiKey.slice(-4),
      scopes: ["usage:write", "agent:run"],
      createdByMemberId: team[role].memberId,
      createdAt: now,
      revokedAt: null,
      expiresAt: null,
      rolledAt: null,
    })
  })

  test("is nowhere in the database, only its hash", async () => {
    const { apiKey } = await createTestApiKey(world.db, team)
    const rows = await world.db.$queryRaw<{ row: string }[]>`SELECT to_jsonb(k)::text AS row FROM api_keys k`
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(apiKey.slice(-43))
  })
})

describe("a key is refused", () => {
  const refuse = async (by: { memberId: string }, error: typeof ForbiddenError | typeof ConflictError) => {
    await expect(createTestApiKey(world.db, team, { by: { ...team.owner, ...by } })).rejects.toThrow(error)
    expect(await countActive()).toBe(0)
  }

  test("to a Member", () => refuse(team.member, ForbiddenError))

  test("to an Owner of another team", async () => {
    await refuse((await createTestTeam(world.db)).owner, ForbiddenError)
  })

  test("to a person who was removed", async () => {
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
    await refuse(team.admin, ForbiddenError)
  })

  test("to an Admin whose demotion commits between check and write", async () => {
    const demotion = await connect(world)
    try {
      await demotion.query("BEGIN")
      await demotion.query("UPDATE members SET role = 'MEMBER' WHERE id = $1", [team.admin.memberId])
      const refused = refuse(team.admin, ForbiddenError)
      // Without the lock nothing would wait here, and the key would be written with the old role.
      expect(await Promise.race([refused, untilWaiting(demotion).then(() => "waits")])).toBe("waits")
      await demotion.query("COMMIT")
      await refused
    } finally {
      await demotion.end()
    }
  })
})

describe("the most active keys of a team", () => {
  test("is held however many ask at once", async () => {
    await fillApiKeys(world.db, team, MAX_ACTIVE_API_KEYS - 2)
    const asked = Array.from({ length: 20 }, (_, n) =>
      createTestApiKey(world.db, team, { by: n % 2 ? team.admin : team.owner }),
    )
    const answers = await Promise.allSettled(asked)
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    for (const answer of answers)
      if (answer.status === "rejected") expect(answer.reason).toBeInstanceOf(ConflictError)
    expect(await countActive()).toBe(MAX_ACTIVE_API_KEYS)
  })

  test("counts neither revoked keys nor another team’s", async () => {
    await fillApiKeys(world.db, team, MAX_ACTIVE_API_KEYS, new Date())
    await fillApiKeys(world.db, await createTestTeam(world.db), MAX_ACTIVE_API_KEYS)
    await createTestApiKey(world.db, team)
    expect(await countActive()).toBe(1)
  })

  test("is counted without keeping other teams, or the team’s other tables, waiting", async () => {
    const holder = await connect(world)
    try {
      await holder.query("BEGIN")
      await holder.query("SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE", [team.id])
      await createTestApiKey(world.db, await createTestTeam(world.db))
      await world.db.stripeCustomer.create({ data: { teamId: team.id, id: `cus_${team.slug}` } })
    } finally {
      await holder.end()
    }
  })
})

describe("what is asked for", () => {
  const parse = (input: unknown) => createApiKeySchema.safeParse(input)
  const message = (input: unknown) => parse(input).error?.issues[0]?.message

  test("is trimmed and put in order", () => {
    expect(parse({ name: "  Billing ", scopes: ["agent:run", "usage:write", "agent:run"] }).data).toEqual({
      name: "Billing",
      scopes: ["usage:write", "agent:run"],
    })
    expect(parse({ name: "é".repeat(80), scopes: API_KEY_SCOPES }).success).toBe(true)
  })

  test.each([
    ["Enter a name.", { name: "  ", scopes: ["usage:write"] }],
    ["Use at most 80 characters.", { name: "x".repeat(81), scopes: ["usage:write"] }],
    ["Choose at least one.", { name: "x", scopes: [] }],
    ["Choose at least one.", { name: "x" }],
    ["Enter a name.", { scopes: ["usage:write"] }],
    ["Choose when the key expires.", { name: "x", scopes: ["usage:write"], expiresInDays: 1 }],
  ])("is refused with “%s”", (sentence, input) => {
    expect(message(input)).toBe(sentence)
  })

  test.each([
    { name: "x", scopes: ["everything"] },
    { name: "x", scopes: ["usage:write", null] },
    { name: "x", scopes: "usage:write" },
    { name: { not: "" }, scopes: ["usage:write"] },
    { name: "a\u0000b", scopes: ["usage:write"] },
    { name: "x", scopes: ["usage:write"], teamId: "t" },
    { name: "x", scopes: Array.from({ length: API_KEY_SCOPES.length + 1 }, () => "usage:write") },
  ])("is refused: %o", (input) => {
    expect(parse(input).success).toBe(false)
  })
})
