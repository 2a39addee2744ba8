import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { APP_URL } from "@/dev/testing/environment"
import { credit, usd } from "@/dev/testing/ledger"
import { testMailServer } from "@/dev/testing/mail-server"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { connectForExports, type ExportConnections } from "@/lib/db/export-connections"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { cleanUp } from "@/lib/jobs/clean-up"
import { exportToken, findReadyExport } from "./export-link"
import { mailExport } from "./mail-export"
import { prepareExport } from "./prepare-export"
import { startExport } from "./start-export"

const world = testDatabase()
const server = testMailServer(world)
const now = new Date()
let reader: ExportConnections
let team: TestTeam

beforeAll(() => {
  reader = connectForExports(world.databaseUrl, 2)
})
afterAll(() => reader.end())

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  const ref = { teamId: team.id, poolId: team.owner.poolId }
  for (let n = 0; n < 3; n++) await credit(world.db, ref, usd(1))
})

const start = async (by: TestMember = team.owner, pool = team.owner.poolId) => {
  const query = `pool=${toPublicId("pool", pool)}&format=csv`
  const actor = { memberId: by.memberId, userId: by.userId, email: by.email, address: "203.0.113.7" }
  const { exportId } = await startExport({ db: world.db, now, teamId: team.id, actor }, query)
  return { teamId: team.id, exportId: fromPublicId("exp", exportId) ?? "" }
}
const prepare = (place: { teamId: string; exportId: string }) =>
  prepareExport({ db: world.db, reader, now }, place)
const mail = (place: { teamId: string; exportId: string }) =>
  mailExport({ db: world.db, now, appUrl: APP_URL }, place)
const find = (
  { teamId, exportId }: { teamId: string; exportId: string },
  { at = now, of = teamId, token = exportToken({ teamId, id: exportId }) } = {},
) => findReadyExport(world.db, { teamId: of, exportId, token, now: at })

test("a large export is counted once, and its link works for a day, with its secret, in its team", async () => {
  const place = await start()
  expect(await find(place)).toBeNull()
  // Both find the same place; what came meanwhile isn't part of it.
  await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(1))
  await Promise.all([prepare(place), prepare(place)])
  await prepare(place)
  const found = await find(place)
  expect(found).toMatchObject({ countedRows: 3n, countedBefore: null, upTo: 3n, expectedRows: 3n })
  expect(found?.tokenHash).not.toContain(exportToken({ teamId: place.teamId, id: place.exportId }))
  const other = await createTestTeam(world.db)
  const end = new Date(now.getTime() + DAY_MS)
  for (const asked of [{ token: "" }, { token: found?.tokenHash ?? "" }, { of: other.id }, { at: end }])
    expect(await find(place, asked), JSON.stringify(asked)).toBeNull()
  await cleanUp({ db: world.db, now: new Date(end.getTime() - 1) })
  expect(await world.db.export.count({ where: { teamId: team.id } })).toBe(1)
  await cleanUp({ db: world.db, now: new Date(end.getTime() + 1) })
  expect(await world.db.export.count({ where: { teamId: team.id } })).toBe(0)
})

test("whoever asked is mailed the link, unless they may no longer have it", async () => {
  const place = await start(team.admin)
  await mail(place)
  expect(server.received).toHaveLength(0)
  await prepare(place)
  await mail(place)
  expect(server.received.map(({ to }) => to)).toEqual([[team.admin.email]])
  const path = `/exports/${toPublicId("exp", place.exportId)}?key=`
  expect(server.received[0]?.raw.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toContain(path)
  await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { role: "MEMBER" } })
  await mail(place)
  await world.db.member.updateMany({
    where: { id: team.admin.memberId },
    data: { role: "ADMIN", removedAt: now },
  })
  await mail(place)
  expect(server.received).toHaveLength(1)
})

test("of a team three are prepared at once, and none of another team’s pool", async () => {
  const other = await createTestTeam(world.db)
  await expect(start(team.owner, other.owner.poolId)).rejects.toMatchObject({ code: "not_found" })
  for (let n = 0; n < 3; n++) await start()
  await expect(start(team.admin)).rejects.toMatchObject({ code: "too_many_attempts" })
})
