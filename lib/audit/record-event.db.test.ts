import { beforeEach, describe, expect, test } from "vitest"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import type { Actor } from "./actor"
import { recordEvent } from "./record-event"

const world = testDatabase()
const sql = testSql(world)
const now = new Date("2026-11-30T12:00:00Z")
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const ownerOf = ({ owner }: TestTeam): Actor => ({ ...owner, address: "203.0.113.7" })
const read = () => world.db.auditEvent.findMany({ where: { teamId: team.id } })

test("an event says who did what to which thing, when and from where, before and after", async () => {
  await recordEvent(
    world.db,
    {
      teamId: team.id,
      actor: ownerOf(team),
      kind: "api_key.revoked",
      subject: { kind: "api_key", id: "key_1", name: "CI" },
      before: { scopes: ["usage:write"] },
      after: { revoked: true },
    },
    now,
  )
  expect(await read()).toMatchObject([
    {
      kind: "api_key.revoked",
      actorKind: "member",
      memberId: team.owner.memberId,
      actorEmail: team.owner.email,
      address: "203.0.113.7",
      subjectKind: "api_key",
      subjectName: "CI",
      before: { scopes: ["usage:write"] },
      after: { revoked: true },
      occurredAt: now,
    },
  ])
})

test("an address that nobody knows is none, and nobody acts for the system", async () => {
  await recordEvent(
    world.db,
    { teamId: team.id, actor: { ...team.owner, address: "unknown" }, kind: "team.created" },
    now,
  )
  await recordEvent(world.db, { teamId: team.id, actor: { kind: "system" }, kind: "team.created" }, now)
  const rows = await read()
  expect(rows.map(({ address }) => address)).toEqual([null, null])
  expect(rows.map(({ memberId }) => memberId).sort()).toEqual([team.owner.memberId, null].sort())
})

test("an event goes with its deed: undone, there is none", async () => {
  const undone = world.db.$transaction(async (tx) => {
    await recordEvent(tx, { teamId: team.id, actor: ownerOf(team), kind: "team.created" }, now)
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  expect(await read()).toEqual([])
})

test("a member of another team can’t be the actor", async () => {
  const other = await createTestTeam(world.db)
  await expect(
    recordEvent(world.db, { teamId: team.id, actor: ownerOf(other), kind: "team.created" }, now),
  ).rejects.toThrow(/foreign key/i)
})

describe("the log refuses", () => {
  test.each([
    "UPDATE audit_events SET address = null",
    "UPDATE audit_events SET kind = 'a.b'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
  ])("%s", async (statement) => {
    await recordEvent(world.db, { teamId: team.id, actor: ownerOf(team), kind: "team.created" }, now)
    await expect(sql.query(statement)).rejects.toThrow("the audit log is append-only")
    expect(await read()).toHaveLength(1)
  })
})
