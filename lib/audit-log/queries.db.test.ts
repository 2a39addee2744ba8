import { beforeEach, describe, expect, test } from "vitest"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import type { AuditKind } from "@/lib/audit/kinds"
import { recordEvent } from "@/lib/audit/record-event"
import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { writeTable } from "@/lib/table-file"
import { auditTable } from "./export-events"
import type { AuditFilter } from "./filter"
import { AUDIT_PAGE_SIZE, type AuditPage, listActors, listAuditPage } from "./queries"

const world = testDatabase()
const sql = testSql(world)
const ALL: AuditFilter = { memberId: null, kind: null, from: null, to: null }
const noon = new Date("2026-11-30T12:00:00Z")
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const record = (actor: TestMember, kind: AuditKind, at = noon) =>
  recordEvent(world.db, { teamId: team.id, actor, kind }, at)
const list = (filter: Partial<AuditFilter> = {}) =>
  listAuditPage(world.db, team.id, { ...ALL, ...filter }, {})
const kindsOf = ({ events }: AuditPage) => events.map(({ kind }) => kind)

/** Fills the team's log with so many events of one moment, half by the Owner and half by the Admin. */
const fill = (count: number) =>
  sql.query(
    `INSERT INTO audit_events (team_id, kind, actor_kind, member_id, actor_email, address, occurred_at)
     SELECT $1, 'portal.opened', 'member', CASE n % 2 WHEN 0 THEN $2::uuid ELSE $3::uuid END, 'a@example.com',
       '203.0.113.7', $4::timestamptz - (n / 10) * interval '1 second'
     FROM generate_series(1, ${count}) n`,
    [team.id, team.owner.memberId, team.admin.memberId, noon],
  )

describe("a filter", () => {
  beforeEach(async () => {
    await record(team.owner, "team.created", new Date(noon.getTime() - 2 * DAY_MS))
    await record(team.admin, "api_key.created", new Date(noon.getTime() - DAY_MS))
    await record(team.owner, "api_key.revoked")
  })

  test("of nothing leaves everything, newest first", async () => {
    expect(kindsOf(await list())).toEqual(["api_key.revoked", "api_key.created", "team.created"])
  })

  test("by person, by group, by kind and by day", async () => {
    expect(kindsOf(await list({ memberId: team.admin.memberId }))).toEqual(["api_key.created"])
    expect(kindsOf(await list({ kind: "api_keys" }))).toEqual(["api_key.revoked", "api_key.created"])
    expect(kindsOf(await list({ kind: "team.created" }))).toEqual(["team.created"])
    expect(kindsOf(await list({ from: "2026-11-29", to: "2026-11-29" }))).toEqual(["api_key.created"])
    expect(kindsOf(await list({ from: "2026-12-01" }))).toEqual([])
  })

  test("lists the people who did something, and the one who is chosen", async () => {
    const actors = async (chosen: string | null) =>
      (await listActors(world.db, team.id, chosen)).map(({ memberId }) => memberId).sort()
    expect(await actors(null)).toEqual([team.owner.memberId, team.admin.memberId].sort())
    expect(await actors(team.member.memberId)).toHaveLength(3)
    const other = await createTestTeam(world.db)
    expect(await actors(other.owner.memberId)).toHaveLength(2)
  })
})

test("another team’s events are nobody else’s", async () => {
  const other = await createTestTeam(world.db)
  await record(team.owner, "portal.opened")
  const page = await listAuditPage(world.db, other.id, { ...ALL, memberId: team.owner.memberId }, {})
  expect(page).toEqual({ events: [], older: null, newer: null })
  expect(await listActors(world.db, other.id, null)).toEqual([])
})

test("pages follow each other without a gap or a repetition, there and back", async () => {
  await fill(120)
  const first = await list()
  const second = await listAuditPage(world.db, team.id, ALL, { before: first.older ?? undefined })
  const third = await listAuditPage(world.db, team.id, ALL, { before: second.older ?? undefined })
  expect([first, second, third].map(({ events }) => events.length)).toEqual([50, 50, 20])
  expect([first.newer, third.older]).toEqual([null, null])
  const ids = [first, second, third].flatMap(({ events }) => events.map(({ id }) => id))
  expect(new Set(ids).size).toBe(120)
  const back = await listAuditPage(world.db, team.id, ALL, { after: third.newer ?? undefined })
  expect(back.events).toEqual(second.events)
})

test("in a log of 20,000 events every page reads about as many rows as it shows", async () => {
  await fill(20_000)
  await sql.query("ANALYZE audit_events")
  const filters = [ALL, { ...ALL, memberId: team.owner.memberId }, { ...ALL, kind: "team.created" as const }]
  const last = {
    occurredAt: new Date(noon.getTime() - 1_900_000),
    id: "ffffffff-ffff-7fff-bfff-ffffffffffff",
  }
  for (const filter of filters)
    for (const before of [undefined, last]) {
      const read = await rowsRead((tx) => listAuditPage(tx, team.id, filter, { before }))
      expect(read, JSON.stringify({ filter, before })).toBeLessThanOrEqual(3 * AUDIT_PAGE_SIZE)
    }
  expect(await rowsRead((tx) => listActors(tx, team.id, null))).toBeLessThan(50)
})

/** Counts the rows of the log that a query reads, by PostgreSQL’s own books of this connection. */
function rowsRead(query: (tx: Tx) => Promise<unknown>): Promise<number> {
  return world.db.$transaction(async (tx) => {
    const before = await readSoFar(tx)
    await query(tx)
    return (await readSoFar(tx)) - before
  })
}

async function readSoFar(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<{ read: number }[]>`
    SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
    FROM pg_stat_xact_user_tables WHERE relname = 'audit_events'`
  return row?.read ?? 0
}

describe("an export", () => {
  const read = async (filter = ALL, mayGoOn = async () => true) => {
    const parts: string[] = []
    for await (const part of writeTable(auditTable(world.db, team.id, filter), "csv_bom", mayGoOn))
      parts.push(part)
    return parts
  }

  test("is every event of the filter once, in parts of bounded size", async () => {
    await fill(2_500)
    const parts = await read()
    expect(parts.map((part) => part.split("\r\n").length - 1)).toEqual([1, 1_000, 1_000, 500])
    const ids = parts.join("").match(/aud_[0-9a-z]{26}/g) ?? []
    expect(new Set(ids).size).toBe(2_500)
    expect((await read({ ...ALL, memberId: team.admin.memberId })).join("").match(/aud_/g)).toHaveLength(
      1_250,
    )
  })

  test("is the line of titles alone where there is nothing", async () => {
    expect((await read()).join("")).toBe(
      '\uFEFF"time","who","email","address","kind","deed","subject_kind","subject_id","subject","before","after","event_id"\r\n',
    )
  })

  test("runs no formula that somebody chose as a name", async () => {
    const subject = { kind: "api_key" as const, id: "key_1", name: '=HYPERLINK("https://evil.example")' }
    await world.db.user.update({ where: { id: team.owner.userId }, data: { name: "@SUM(A1:A9)" } })
    await recordEvent(
      world.db,
      { teamId: team.id, actor: team.owner, kind: "api_key.created", subject, after: { scopes: ["a"] } },
      noon,
    )
    const text = (await read()).join("")
    expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
    expect(text).toContain(`"'@SUM(A1:A9)"`)
    expect(text).toContain('"{""scopes"":[""a""]}"')
  })

  test("breaks off when the reader may no longer see it", async () => {
    await fill(2_500)
    let asked = 0
    await expect(read(ALL, async () => ++asked < 3)).rejects.toThrow("no longer")
    expect(asked).toBe(3)
  })
})
