import { beforeEach, expect, test } from "vitest"
import { APP_URL } from "@/dev/testing/environment"
import { credit, usd } from "@/dev/testing/ledger"
import { testMailServer } from "@/dev/testing/mail-server"
import { listNotifications } from "@/dev/testing/notifications"
import { testSql } from "@/dev/testing/sql"
import { makeThisMonth } from "@/dev/testing/statements"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { fanOut } from "@/lib/jobs/fan-out"
import { savePreference } from "@/lib/notifications/save-preferences"
import { mailStatement } from "./mail-statement"

const world = testDatabase()
const sql = testSql(world)
const server = testMailServer(world)
const now = new Date()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
  await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(5))
})

const settle = (email: string) =>
  world.db.billingDetails.create({ data: { teamId: team.id, email, updatedAt: now } })
const choose = ({ memberId }: { memberId: string }, enabled: boolean) =>
  savePreference(
    world.db,
    { teamId: team.id, memberId },
    { type: "credit_statement_ready", channel: "email", enabled },
    now,
  )

/** Makes the statement, does all work that follows, and returns who was mailed. */
async function mailed(): Promise<string[]> {
  await makeThisMonth(world.db, team)
  for (const { id } of await listNotifications(world, team))
    await fanOut({ db: world.db, now }, { teamId: team.id, notificationId: id })
  const jobs = await sql.query(
    `DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
     WHERE t.id = j.task_id AND t.identifier IN ('mail-statement', 'mail-notification', 'mail-billing-notice')
       AND j.payload ->> 'teamId' = $1 RETURNING t.identifier, j.payload`,
    [team.id],
  )
  expect(jobs.map(({ identifier }) => identifier).filter((task) => task !== "mail-statement")).toEqual([])
  for (const { payload } of jobs)
    await mailStatement({ db: world.db, appUrl: APP_URL }, payload as Parameters<typeof mailStatement>[1])
  return server.received.flatMap(({ to }) => to).sort()
}

test("the billing email gets one mail with the link and the document, and everybody’s bell says it", async () => {
  await settle("books@example.com")
  expect(await mailed()).toEqual(["books@example.com"])
  const raw = server.received[0]?.raw.replaceAll("=\r\n", "") ?? ""
  const month = now.toISOString().slice(0, 7)
  expect(raw).toContain(`/${team.slug}/settings/account/billing/statements/${month}`)
  expect(raw).toMatch(new RegExp(`filename="?ST-${month}-0001\\.pdf`))
  expect(raw).toContain("The statement is attached.")
  expect(raw).toContain("Content-Type: application/pdf")
  // The document itself, in base64.
  expect(raw).toContain(Buffer.from("%PDF-1.7").toString("base64").slice(0, 10))
  const told = await listNotifications(world, team)
  expect(told.map(({ type, data }) => [type, (data as { closing: string }).closing])).toEqual([
    ["credit_statement_ready", "5.00"],
  ])
})

test("without a billing email the Owner gets it, unless they have turned it off", async () => {
  expect(await mailed()).toEqual([team.owner.email])
  expect(server.received[0]?.raw).toContain("List-Unsubscribe:")
  team = await createTestTeam(world.db)
  await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(5))
  await choose(team.owner, false)
  server.received.length = 0
  expect(await mailed()).toEqual([])
})

test("an Admin who asked for it gets one too, a Member never, and one address one mail", async () => {
  await settle(team.admin.email)
  for (const member of [team.owner, team.admin, team.member]) await choose(member, true)
  expect(await mailed()).toEqual([team.admin.email, team.owner.email].sort())
})
