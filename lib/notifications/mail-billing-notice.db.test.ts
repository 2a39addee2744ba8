import { beforeEach, expect, test } from "vitest"
import { APP_URL } from "@/dev/testing/environment"
import { testMailServer } from "@/dev/testing/mail-server"
import { listNotifications } from "@/dev/testing/notifications"
import { headersOf } from "@/dev/testing/servers/smtp"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { fanOut } from "@/lib/jobs/fan-out"
import { mailBillingNotice } from "./mail-billing-notice"
import { raise } from "./raise"

const world = testDatabase()
const now = new Date()
const server = testMailServer(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const settle = (email: string) =>
  world.db.billingDetails.create({ data: { teamId: team.id, email, updatedAt: now } })
const payments = async () => {
  const jobs = await world.db.$queryRaw<{ payload: { teamId: string; notificationId: string } }[]>`
    DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier = 'mail-billing-notice' AND j.payload ->> 'teamId' = ${team.id}
    RETURNING j.payload`
  for (const { payload } of jobs) await mailBillingNotice({ db: world.db, appUrl: APP_URL }, payload)
  return server.received.map(({ to }) => to)
}

async function tell(type: "credit_balance_low" | "credit_purchase_failed"): Promise<void> {
  const retryAt = new Date(Date.UTC(2026, 11, 3, 12, 5)).toISOString()
  const notice = {
    teamId: team.id,
    poolId: team.owner.poolId,
    cause: crypto.randomUUID(),
    ...(type === "credit_balance_low"
      ? { type, data: { balance: "4.20", threshold: "5.00" } }
      : {
          type,
          data: {
            amount: "50.00",
            reason: "The card has expired.",
            purchase_id: "pur_1",
            kind: "auto_top_up" as const,
            retry_at: retryAt,
          },
        }),
  }
  await world.db.$transaction((tx) => raise(queryIn(tx), notice, now))
  const notificationId = (await listNotifications(world, team)).at(-1)?.id ?? ""
  await fanOut({ db: world.db, now }, { teamId: team.id, notificationId })
}

test("a notice about a payment goes to the billing email too, in the team’s zone", async () => {
  await settle("books@example.com")
  await world.db.team.update({ where: { id: team.id }, data: { timeZone: "Europe/Berlin" } })
  await tell("credit_purchase_failed")
  expect(await payments()).toEqual([["books@example.com"]])
  const [mail] = server.received
  if (!mail) throw new Error("There is a mail")
  expect(mail.raw.replace(/=\r\n/g, "")).toContain("13:05 CET on 3 December")
  expect(mail.raw.replace(/=\r\n/g, "")).toContain("settings/general")
  expect(headersOf(mail).has("list-unsubscribe")).toBe(false)
})

test("a notice that isn’t about a payment doesn’t, nor one without a billing email", async () => {
  await tell("credit_purchase_failed")
  expect(await payments()).toEqual([])
  await settle("books@example.com")
  await tell("credit_balance_low")
  expect(await payments()).toEqual([])
})

test("a member who is told anyway gets no second one, and a deleted team none", async () => {
  await settle(team.owner.email)
  await tell("credit_purchase_failed")
  expect(await payments()).toEqual([])
  await world.db.billingDetails.update({ where: { teamId: team.id }, data: { email: "books@example.com" } })
  await tell("credit_purchase_failed")
  await world.db.team.update({ where: { id: team.id }, data: { deletedAt: now } })
  expect(await payments()).toEqual([])
})
