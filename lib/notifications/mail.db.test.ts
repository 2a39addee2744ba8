import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { APP_URL, startInEnvironment } from "@/dev/testing/environment"
import { listNotifications, workMails } from "@/dev/testing/notifications"
import { headersOf, type ReceivedMail, startMailServer } from "@/dev/testing/servers/smtp"
import { addTestMember, createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { fanOut } from "@/lib/jobs/fan-out"
import { ofThisProcess } from "@/lib/per-process"
import { mailNotification } from "./mail-notification"
import { type Notice, raise } from "./raise"
import { savePreference } from "./save-preferences"
import type { NotificationType } from "./types"
import { readUnsubscribeToken, unsubscribe, unsubscribeToken } from "./unsubscribe"

const world = testDatabase()
let server: Awaited<ReturnType<typeof startMailServer>>
let team: TestTeam

function mailThrough(url: string): void {
  startInEnvironment({
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: url,
    MAIL_FROM: "Credits <billing@example.com>",
  })
  ofThisProcess.set("db", world.db)
}

beforeEach(async () => {
  team = await createTestTeam(world.db)
  server = await startMailServer({ refuse: ["gone@example.com"] })
  mailThrough(server.url)
})
afterEach(() => server.stop())
// After the environment, because this test has its own.
const alarms = watchAlarms()

const tell = async (more: Partial<Notice<"credit_balance_low">> = {}) => {
  const notice = {
    teamId: team.id,
    poolId: team.member.poolId,
    type: "credit_balance_low" as const,
    cause: crypto.randomUUID(),
    data: { balance: "4.20", threshold: "5.00" },
    ...more,
  }
  await world.db.$transaction((tx) => raise(queryIn(tx), notice, new Date()))
  return (await listNotifications(world, team)).at(-1)?.id ?? ""
}
const work = () => workMails(world, team)
const mailed = () => server.received.flatMap(({ to }) => to).sort()
const mails = () => world.db.notificationMail.findMany({ where: { teamId: team.id } })
const bodyOf = ({ raw }: ReceivedMail) =>
  raw
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

describe("a notification is mailed", () => {
  test("to Owners, Admins and whoever's pool it is, each in a mail of their own", async () => {
    await tell()
    await work()
    expect(mailed()).toEqual([team.admin.email, team.member.email, team.owner.email].sort())
    expect(server.received.every(({ to }) => to.length === 1)).toBe(true)
    expect(await mails()).toMatchObject(
      [1, 2, 3].map(() => ({ status: "sent", settledAt: expect.any(Date) })),
    )
  })

  test("once, however often its jobs run", async () => {
    const notificationId = await tell()
    const ref = { teamId: team.id, notificationId }
    await Promise.all([1, 2, 3].map(() => fanOut({ db: world.db, now: new Date() }, ref)))
    await work()
    await fanOut({ db: world.db, now: new Date() }, ref)
    await work()
    await mailNotification(
      { db: world.db, now: new Date(), appUrl: APP_URL },
      { ...ref, memberId: team.owner.memberId },
    )
    expect(server.received).toHaveLength(3)
  })

  test("with a link to the remedy, as HTML and as text, and one click stops it", async () => {
    await tell()
    await work()
    const mail = server.received.find(({ to }) => to[0] === team.owner.email) as ReceivedMail
    const headers = headersOf(mail)
    expect(headers.get("from")).toBe("Credits <billing@example.com>")
    expect(headers.get("content-type")).toContain("multipart/alternative")
    expect(headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click")
    expect(bodyOf(mail)).toContain(`http://localhost:3000/${team.slug}/settings/account/billing?pool=pool_`)
    expect(bodyOf(mail)).toContain("Add credits")
    const token = /token=([^>]+)>/.exec(headers.get("list-unsubscribe") ?? "")?.[1] ?? ""
    const said = readUnsubscribeToken(token)
    expect(said).toEqual({ teamId: team.id, memberId: team.owner.memberId, type: "credit_balance_low" })
    if (said) await unsubscribe({ db: world.db, now: new Date() }, said)
    await tell()
    await work()
    expect(mailed().filter((to) => to === team.owner.email)).toHaveLength(1)
    expect(mailed().filter((to) => to === team.admin.email)).toHaveLength(2)
  })

  test("with an id that stays the same when it goes out again", async () => {
    const notificationId = await tell()
    await work()
    await world.db.notificationMail.updateMany({
      where: { teamId: team.id, memberId: team.owner.memberId },
      data: { status: "waiting", settledAt: null },
    })
    const ref = { teamId: team.id, notificationId, memberId: team.owner.memberId }
    await mailNotification({ db: world.db, now: new Date(), appUrl: APP_URL }, ref)
    const ids = server.received
      .filter(({ to }) => to[0] === team.owner.email)
      .map((mail) => headersOf(mail).get("message-id"))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })
})

describe("nobody is mailed", () => {
  test("who has left, or has silenced it, between the cause and the mail", async () => {
    const notificationId = await tell()
    await fanOut({ db: world.db, now: new Date() }, { teamId: team.id, notificationId })
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
    const off = { type: "credit_balance_low", channel: "email", enabled: false } as const
    await savePreference(world.db, { teamId: team.id, memberId: team.owner.memberId }, off, new Date())
    await work()
    expect(mailed()).toEqual([team.member.email])
    expect((await mails()).map(({ status }) => status).sort()).toEqual(["sent", "skipped", "skipped"])
  })

  test("as a Member, of others' pools and of money", async () => {
    await tell({ poolId: team.owner.poolId })
    await work()
    expect(mailed()).toEqual([team.admin.email, team.owner.email].sort())
  })

  test("of another team", async () => {
    const other = await createTestTeam(world.db)
    await tell()
    await work()
    expect(mailed()).not.toContain(other.owner.email)
  })
})

test("a failed payment can't be silenced: no link stops it, whatever was saved", async () => {
  const type: NotificationType = "credit_purchase_failed"
  const memberId = team.owner.memberId
  await savePreference(
    world.db,
    { teamId: team.id, memberId },
    { type, channel: "email", enabled: false },
    new Date(),
  )
  const data = {
    amount: "50.00",
    kind: "auto_top_up",
    reason: "It failed.",
    purchase_id: "pur_1",
    retry_at: null,
  }
  await world.db.$transaction((tx) =>
    raise(
      queryIn(tx),
      { teamId: team.id, poolId: null, type, cause: "one", data: data as never },
      new Date(),
    ),
  )
  await work()
  const mail = server.received.find(({ to }) => to[0] === team.owner.email) as ReceivedMail
  expect(headersOf(mail).has("list-unsubscribe")).toBe(false)
  expect(readUnsubscribeToken(unsubscribeToken({ teamId: team.id, memberId, type }))).toBeNull()
})

describe("a link that stops mails", () => {
  const said = () => ({ teamId: team.id, memberId: team.owner.memberId, type: "credit_balance_low" as const })
  test("is worth nothing for somebody else, for another kind, or bent", () => {
    const token = unsubscribeToken(said())
    expect(readUnsubscribeToken(token)).toEqual(said())
    expect(readUnsubscribeToken(token.replace(team.owner.memberId, team.admin.memberId))).toBeNull()
    expect(readUnsubscribeToken(token.replace("credit_balance_low", "credit_balance_depleted"))).toBeNull()
    expect(readUnsubscribeToken(token.slice(0, -1))).toBeNull()
    expect(readUnsubscribeToken(`${token}.more`)).toBeNull()
    expect(readUnsubscribeToken("")).toBeNull()
  })
})

describe("a mail server", () => {
  test("that is away loses nothing: what waits goes out when it is back", async () => {
    const { port } = server
    await tell()
    await server.stop()
    const [, ...rest] = await Promise.allSettled([work()])
    expect(rest).toEqual([])
    expect((await mails()).map(({ status }) => status)).toEqual(["waiting", "waiting", "waiting"])
    server = await startMailServer({ port })
    for (const { notificationId, memberId } of await mails())
      await mailNotification(
        { db: world.db, now: new Date(), appUrl: APP_URL },
        { teamId: team.id, notificationId, memberId },
      )
    expect(server.received).toHaveLength(3)
  })

  test("that refuses one address for good keeps nobody else from being told", async () => {
    await world.db.user.updateMany({ where: { id: team.admin.userId }, data: { email: "gone@example.com" } })
    await tell()
    await work()
    expect(mailed()).toEqual([team.member.email, team.owner.email].sort())
    expect((await mails()).map(({ status }) => status).sort()).toEqual(["refused", "sent", "sent"])
    expect(alarms.codes()).toEqual(["mail_refused"])
  })
})

describe("what people have typed", () => {
  const hostile = [
    "Ada\r\nBcc: victim@example.com",
    "<img src=x onerror=alert(1)>",
    "Visit https://evil.example now",
    '"><script>alert(1)</script>',
    "\u202Egpj.exe",
  ]
  test.each(hostile)("%j as a name becomes no header, no tag and no link", async (name) => {
    await world.db.team.update({ where: { id: team.id }, data: { name } })
    await world.db.user.update({ where: { id: team.member.userId }, data: { name } })
    await tell()
    await work()
    expect(mailed()).toEqual([team.admin.email, team.member.email, team.owner.email].sort())
    for (const mail of server.received) {
      const headers = headersOf(mail)
      expect(headers.has("bcc")).toBe(false)
      expect(headers.get("to")).toBe(mail.to[0])
      const [, text = "", html = ""] = bodyOf(mail).split(/^Content-Type: text\//m)
      expect(text).toContain("plain")
      expect(html).toContain("</html>")
      expect(html).not.toMatch(/<img|<script/)
      expect(text + html).not.toContain("https://evil.example")
    }
  })

  test.each(["a@example.com,b@example.com", '"a b"@example.com', "a@example.com>"])(
    "%j as an address gets no mail",
    async (email) => {
      const member = await addTestMember(world.db, { teamId: team.id, plan: "build", role: "ADMIN" })
      await world.db.user.update({ where: { id: member.userId }, data: { email } })
      await tell()
      await work()
      expect(mailed()).toEqual([team.admin.email, team.member.email, team.owner.email].sort())
    },
  )
})
