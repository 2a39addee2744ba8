import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { startMailServer } from "@/dev/testing/servers/smtp"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { hashToken } from "@/lib/auth/token"
import { HOUR_MS } from "@/lib/clock"
import { ConflictError, InvalidInputError, TooManyAttemptsError } from "@/lib/errors"
import { ofThisProcess } from "@/lib/per-process"
import { cancelEmailChange } from "./cancel-email-change"
import { confirmEmailChange, findEmailChange } from "./confirm-email-change"
import { mailEmailChanged } from "./mail-email-changed"
import { getProfile } from "./queries"
import { renamePerson } from "./rename-person"
import { requestEmailChange } from "./request-email-change"
import { saveDisplay } from "./save-display"

const world = testDatabase()
const now = new Date("2026-11-22T10:00:00Z")
let team: TestTeam
let session: string
let wanted: string

let server: Awaited<ReturnType<typeof startMailServer>>

beforeEach(async () => {
  server = await startMailServer({ refuse: ["gone@example.com"] })
  startInEnvironment({
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: server.url,
    MAIL_FROM: "billing@example.com",
  })
  ofThisProcess.set("db", world.db)
  team = await createTestTeam(world.db)
  session = await startTestSession(world.db, team.admin.userId)
  wanted = `${crypto.randomUUID()}@example.com`
})

afterEach(() => server.stop())

const ctxOf = ({ userId, email }: { userId: string; email: string }, at = now) => ({
  db: world.db,
  now: at,
  user: { id: userId, name: "Somebody", email },
  address: "203.0.113.7",
  appUrl: "http://localhost:3000",
})
const request = (email = wanted, at = now) => requestEmailChange(ctxOf(team.admin, at), { email })
const mailsTo = (recipient: string) =>
  server.received
    .filter(({ to }) => to.includes(recipient))
    .map(({ raw }) => raw.replace(/=\r?\n/g, "").replaceAll("=3D", "="))
const tokenOf = (recipient = wanted) => /token=([\w-]+)/.exec(mailsTo(recipient).at(-1) ?? "")?.[1] ?? ""
const confirm = (token: string, by = team.admin, at = now) =>
  confirmEmailChange({ ...ctxOf(by, at), sessionHash: hashToken(session) }, { token })
const emailOf = async (userId = team.admin.userId) =>
  (await world.db.user.findUniqueOrThrow({ where: { id: userId } })).email

describe("a change of address", () => {
  test("is confirmed from the new mailbox, ends other sessions, and is told to the old one", async () => {
    const other = await startTestSession(world.db, team.admin.userId)
    const version = async () =>
      (await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).meteringVersion
    await request()
    expect(await emailOf()).toBe(team.admin.email)
    const token = tokenOf()
    expect(await findEmailChange(ctxOf(team.admin), token)).toEqual({ newEmail: wanted })
    const before = await version()
    await confirm(token)
    expect(await emailOf()).toBe(wanted)
    expect(await version()).toBeGreaterThan(before)
    const sessions = await world.db.session.findMany({ where: { userId: team.admin.userId } })
    expect(sessions.map(({ tokenHash }) => tokenHash)).toEqual([hashToken(session)])
    expect(sessions.map(({ tokenHash }) => tokenHash)).not.toContain(hashToken(other))
    const change = await world.db.emailChange.findFirstOrThrow({ where: { userId: team.admin.userId } })
    await mailEmailChanged({ db: world.db }, { changeId: change.id })
    expect(mailsTo(team.admin.email)[0]).toContain(`now uses ${wanted}`)
    const events = await world.db.auditEvent.findMany({ where: { teamId: team.id } })
    expect(events).toMatchObject([
      { kind: "member.email_changed", before: { email: team.admin.email }, after: { email: wanted } },
    ])
  })

  test("is confirmed once, of many attempts at once", async () => {
    await request()
    const token = tokenOf()
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => confirm(token)))
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    await expect(confirm(token)).rejects.toThrow(ConflictError)
  })

  test("isn’t confirmed by another account, after an hour, after another request, or taken back", async () => {
    await request()
    const first = tokenOf()
    await expect(confirm(first, team.owner)).rejects.toThrow(ConflictError)
    expect(await findEmailChange(ctxOf(team.owner), first)).toBeNull()
    await expect(confirm(first, team.admin, new Date(now.getTime() + HOUR_MS))).rejects.toThrow(ConflictError)
    await request()
    await expect(confirm(first)).rejects.toThrow(ConflictError)
    const second = tokenOf()
    await cancelEmailChange(ctxOf(team.admin))
    await expect(confirm(second)).rejects.toThrow(ConflictError)
    await expect(confirm("unknown")).rejects.toThrow(ConflictError)
    expect(await emailOf()).toBe(team.admin.email)
  })

  test("to another account’s address looks the same to who asks, and is told there alone", async () => {
    await request(team.owner.email)
    expect(await getProfile({ db: world.db, now }, team.admin.userId)).toMatchObject({
      pendingEmail: team.owner.email,
    })
    const [mail] = mailsTo(team.owner.email)
    expect(mail).toContain("already belongs to an account")
    expect(mail).not.toContain("token=")
  })

  test("to an address that got an account meanwhile is refused, and nothing ends", async () => {
    await request()
    const token = tokenOf()
    await world.db.user.create({ data: { email: wanted } })
    await startTestSession(world.db, team.admin.userId)
    await expect(confirm(token)).rejects.toThrow(ConflictError)
    expect(await world.db.session.count({ where: { userId: team.admin.userId } })).toBe(2)
  })

  test("to the own address is refused, and so is a flood", async () => {
    await expect(request(team.admin.email)).rejects.toThrow(InvalidInputError)
    for (let n = 0; n < 3; n++) await request()
    await expect(request()).rejects.toThrow(TooManyAttemptsError)
    await request(`a${wanted}`)
    await request(`b${wanted}`)
    await expect(request(`c${wanted}`)).rejects.toThrow(TooManyAttemptsError)
    await request(wanted, new Date(now.getTime() + HOUR_MS))
  })
})

test("an address that the mail server refuses leaves no request behind", async () => {
  await expect(request("gone@example.com")).rejects.toThrow(InvalidInputError)
  expect(await world.db.emailChange.count({ where: { userId: team.admin.userId } })).toBe(0)
})

test("a person’s new name is in each team’s log, and a removed membership’s team hears nothing", async () => {
  const other = await createTestTeam(world.db)
  await world.db.member.create({
    data: { teamId: other.id, userId: team.admin.userId, role: "MEMBER", removedAt: now },
  })
  await renamePerson(ctxOf(team.admin), { name: "Lin Zhou" })
  await renamePerson(ctxOf(team.admin), { name: "Lin Zhou" })
  expect(await getProfile({ db: world.db, now }, team.admin.userId)).toMatchObject({ name: "Lin Zhou" })
  const events = await world.db.auditEvent.findMany({ where: { teamId: { in: [team.id, other.id] } } })
  expect(events).toMatchObject([
    {
      teamId: team.id,
      kind: "member.renamed",
      before: { name: "ADMIN of the test" },
      after: { name: "Lin Zhou" },
    },
  ])
})

test("how pages look is kept with the person", async () => {
  const display = { theme: "dark", dateLanguage: "de", timeZone: "Europe/Berlin" } as const
  await saveDisplay(ctxOf(team.member), display)
  expect((await getProfile({ db: world.db, now }, team.member.userId)).display).toEqual(display)
})
