import { beforeEach, describe, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { startInEnvironment } from "@/dev/testing/environment"
import { usd } from "@/dev/testing/ledger"
import { listDeeds, memberCtx, readMember } from "@/dev/testing/members"
import { balanceOf, buyCredits } from "@/dev/testing/pools"
import { headersOf, startMailServer } from "@/dev/testing/servers/smtp"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { changeRole } from "@/lib/members/change-role"
import { removeMember } from "@/lib/members/remove-member"
import { ofThisProcess } from "@/lib/per-process"
import { acceptInvitation } from "./accept-invitation"
import { mailInvitation } from "./mail-invitation"
import { listOpenInvitations, viewInvitation } from "./queries"
import { invite, MAILBOX_LIMIT, resendInvitation, revokeInvitation } from "./send-invitation"
import { invitationToken } from "./token"

const world = testDatabase()
let team: TestTeam
let grace: { id: string; name: string; email: string; address: string }

beforeEach(async () => {
  team = await createTestTeam(world.db)
  grace = await person(`grace-${newId()}@fabrikam.com`)
})

async function person(email: string) {
  const { id } = await world.db.user.create({ data: { email, name: "Grace Kim" } })
  return { id, name: "Grace Kim", email, address: "192.0.2.7" }
}
/** Mail goes to a real server from here on. */
async function mailThroughServer() {
  const server = await startMailServer()
  startInEnvironment({
    DATABASE_URL: world.databaseUrl,
    SMTP_URL: server.url,
    MAIL_FROM: "Credits <billing@example.com>",
  })
  ofThisProcess.set("db", world.db)
  return server
}
const ctx = (by: TestMember, now = new Date()) => memberCtx(world, team, by, now)
const ask = (email: string, role: "ADMIN" | "MEMBER" = "MEMBER", by = team.owner) =>
  invite(ctx(by), { email, role })
const accept = (token: string, who = grace, now = new Date()) =>
  acceptInvitation({ db: world.db, now, person: who }, { token })
const view = (token: string, who: typeof grace | null = grace, now = new Date()) =>
  viewInvitation({ db: world.db, now }, token, who)
const open = () => world.db.invitation.findFirstOrThrow({ where: { teamId: team.id, revokedAt: null } })
const rows = () => world.db.invitation.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })
/** The token that the last mail carries. */
const mailed = async () => invitationToken(await open())
const members = () => world.db.member.findMany({ where: { teamId: team.id, userId: grace.id } })
const INVITED = { removedAt: null, role: "MEMBER" }

describe("an invitation", () => {
  test.each(["owner", "admin"] as const)(
    "by the %s lets its address in once, in the chosen role",
    async (by) => {
      await ask(grace.email, "ADMIN", team[by])
      const token = await mailed()
      expect(await view(token, null)).toMatchObject({ state: "open", team: team.name, email: grace.email })
      expect(await accept(token)).toEqual({ slug: team.slug })
      expect(await members()).toMatchObject([{ role: "ADMIN", removedAt: null }])
      const [member] = await members()
      expect(await world.db.pool.count({ where: { teamId: team.id, memberId: member?.id ?? "" } })).toBe(1)
      expect((await listOpenInvitations(world.db, team.id)).invitations).toEqual([])
      expect((await listDeeds(world, team)).map(({ kind }) => kind)).toEqual([
        "invitation.sent",
        "member.joined",
      ])
    },
  )

  test("is mailed with its link, its team and its role, and names nothing that becomes another link", async () => {
    const server = await mailThroughServer()
    await world.db.team.update({ where: { id: team.id }, data: { name: "evil.example/win" } })
    await ask(grace.email)
    const { id } = await open()
    await mailInvitation(
      { db: world.db, now: new Date(), appUrl: "http://localhost:3000" },
      { teamId: team.id, invitationId: id, mail: 1 },
    )
    await server.stop()
    const [mail] = server.received
    const [, ...body] = (mail?.raw ?? "").split("\r\n\r\n")
    const text = body.join(" ").replaceAll("=\r\n", "").replaceAll("=3D", "=").replace(/\s+/g, " ")
    expect(mail?.to).toEqual([grace.email])
    expect(mail && headersOf(mail).get("subject")).toContain("OWNER of the test invites you to")
    expect(text).toContain(`http://localhost:3000/invitation?token=${await mailed()}`)
    expect(text).toContain("as a Member")
    expect(text).not.toContain("evil.example")
  })

  test("isn’t mailed once it is withdrawn, accepted, expired or mailed anew", async () => {
    const server = await mailThroughServer()
    await ask(grace.email)
    const { id } = await open()
    const mailWith = (mail: number, now = new Date()) =>
      mailInvitation(
        { db: world.db, now, appUrl: "http://localhost:3000" },
        { teamId: team.id, invitationId: id, mail },
      )
    await mailWith(1, new Date(Date.now() + 8 * DAY_MS))
    await resendInvitation(ctx(team.owner), { invitationId: id })
    await mailWith(1)
    await accept(await mailed())
    await mailWith(2)
    await server.stop()
    expect(server.received).toEqual([])
  })

  test("of an address that is invited already stays one, with the new role, and the former link ends", async () => {
    await ask(grace.email, "MEMBER")
    const former = await mailed()
    await ask(grace.email, "ADMIN", team.admin)
    expect(await rows()).toMatchObject([{ role: "ADMIN", mails: 2, invitedByMemberId: team.admin.memberId }])
    expect(await view(former)).toEqual({ state: "gone" })
    await expect(accept(former)).rejects.toThrow(ConflictError)
    await accept(await mailed())
    expect(await members()).toMatchObject([{ role: "ADMIN" }])
  })

  test("sent for one address by many at once is one", async () => {
    await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        ask(grace.email, "MEMBER", index % 2 ? team.admin : team.owner),
      ),
    )
    expect(await rows()).toHaveLength(1)
  })

  test("sent again works for seven days from then, and only by the new link", async () => {
    await ask(grace.email)
    const former = await mailed()
    const later = new Date(Date.now() + 6 * DAY_MS)
    await resendInvitation(ctx(team.admin, later), { invitationId: (await open()).id })
    await expect(accept(former)).rejects.toThrow(ConflictError)
    expect(await accept(await mailed(), grace, new Date(later.getTime() + 6 * DAY_MS))).toEqual({
      slug: team.slug,
    })
  })

  test("gives who was removed their old place and pool back, and nothing is moved from it any more", async () => {
    await buyCredits(world.db, team, team.member, usd(20))
    await removeMember(ctx(team.owner), { memberId: team.member.memberId, credits: "keep" })
    const back = { ...grace, id: team.member.userId, email: team.member.email }
    await ask(back.email, "ADMIN")
    await accept(await mailed(), back)
    expect(await readMember(world, team, team.member)).toMatchObject({
      role: "ADMIN",
      removedAt: null,
      movesCredits: false,
    })
    expect(await balanceOf(world.db, team, team.member)).toBe(usd(20))
    expect(await world.db.pool.count({ where: { teamId: team.id } })).toBe(3)
  })

  test("into an Enterprise team brings no pool, because all share one", async () => {
    team = await createEnterpriseTeam(world.db)
    await ask(grace.email)
    await accept(await mailed())
    expect(await members()).toMatchObject([INVITED])
    expect(await world.db.pool.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("compares addresses as signing in does", async () => {
    await ask(grace.email)
    const typed = { ...grace, email: grace.email.toUpperCase() }
    await accept(await mailed(), typed)
    expect(await members()).toMatchObject([INVITED])
  })
})

describe("accepted", () => {
  test("twice at once, or by ten presses, a person is in once", async () => {
    await ask(grace.email)
    const token = await mailed()
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => accept(token)))
    expect(all.filter(({ status }) => status === "rejected")).toEqual([])
    expect(await members()).toMatchObject([INVITED])
    expect((await listDeeds(world, team)).filter(({ kind }) => kind === "member.joined")).toHaveLength(1)
    expect(await view(token)).toMatchObject({ state: "already_in" })
  })

  test("by another address it lets nobody in, and stays open", async () => {
    await ask(grace.email)
    const token = await mailed()
    const other = await person(`other-${newId()}@fabrikam.com`)
    expect(await view(token, other)).toMatchObject({ state: "other_address", email: grace.email })
    await expect(accept(token, other)).rejects.toThrow(ConflictError)
    expect(await world.db.member.count({ where: { userId: other.id } })).toBe(0)
    expect(await view(token)).toMatchObject({ state: "open" })
  })

  test("by who has the role already changes no role", async () => {
    const lin = { ...grace, id: team.admin.userId, email: team.admin.email }
    await removeMember(ctx(team.owner), { memberId: team.admin.memberId, credits: "move" })
    await ask(lin.email, "MEMBER")
    const token = await mailed()
    await world.db.member.updateMany({
      where: { id: team.admin.memberId },
      data: { removedAt: null, movesCredits: false, role: "ADMIN" },
    })
    expect(await accept(token, lin)).toEqual({ slug: team.slug })
    expect(await readMember(world, team, team.admin)).toMatchObject({ role: "ADMIN" })
    expect((await listOpenInvitations(world.db, team.id)).invitations).toEqual([])
  })

  test.each([
    [
      "it was withdrawn",
      async () => revokeInvitation(ctx(team.admin), { invitationId: (await open()).id }),
      "gone",
    ],
    [
      "the team is gone",
      () => world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } }),
      "gone",
    ],
    [
      "it has expired",
      () => world.db.invitation.updateMany({ where: { teamId: team.id }, data: { expiresAt: new Date() } }),
      "expired",
    ],
    [
      "it was used by somebody who has left",
      async () => {
        await accept(await mailed())
        const [member] = await members()
        await removeMember(ctx(team.owner), { memberId: member?.id ?? "", credits: "move" })
      },
      "used",
    ],
  ])("after %s it lets nobody in, and says so", async (_, end, state) => {
    await ask(grace.email)
    const token = await mailed()
    await end()
    const before = await members()
    expect(await view(token)).toMatchObject({ state })
    await expect(accept(token)).rejects.toThrow(ConflictError)
    expect(await members()).toEqual(before)
  })

  test("while it is withdrawn, one of the two wins", async () => {
    await ask(grace.email)
    const [token, { id }] = [await mailed(), await open()]
    const [joined, withdrawn] = await Promise.allSettled([
      accept(token),
      revokeInvitation(ctx(team.owner), { invitationId: id }),
    ])
    expect([joined.status, withdrawn.status].sort()).toEqual(["fulfilled", "rejected"])
    expect(await members()).toHaveLength(joined.status === "fulfilled" ? 1 : 0)
  })

  test.each(["", "inv_", "x".repeat(100), `inv_${"0".repeat(26)}_${"a".repeat(43)}`])(
    "with the token “%s”, which we never sent, it is gone",
    async (token) => {
      await ask(grace.email)
      expect(await view(token)).toEqual({ state: "gone" })
      await expect(accept(token)).rejects.toThrow(ConflictError)
    },
  )

  test("with the token of another team’s invitation it leads only there", async () => {
    await ask(grace.email)
    const token = await mailed()
    const others = await createTestTeam(world.db)
    const moved = token.replace(/^inv_.{26}/, (await tokenOf(others)).slice(0, 30))
    await expect(accept(moved)).rejects.toThrow(ConflictError)
  })
})

const tokenOf = async ({ id }: TestTeam) => invitationToken({ teamId: id, id: newId(), mails: 1 })

describe("nobody is invited", () => {
  test("by a Member, by who was removed or demoted, or by another team’s Owner", async () => {
    const others = await createTestTeam(world.db)
    await changeRole(ctx(team.owner), { memberId: team.admin.memberId, role: "MEMBER" })
    for (const by of [team.member, team.admin, others.owner]) {
      await expect(ask(grace.email, "MEMBER", by)).rejects.toThrow(ForbiddenError)
      await expect(revokeInvitation(ctx(by), { invitationId: newId() })).rejects.toThrow(ForbiddenError)
    }
    expect(await rows()).toEqual([])
  })

  test("who is in the team", async () => {
    await expect(ask(team.member.email)).rejects.toMatchObject({ code: "conflict", field: "email" })
  })

  test("into another team by its id", async () => {
    await ask(grace.email)
    const { id } = await open()
    const others = await createTestTeam(world.db)
    for (const act of [resendInvitation, revokeInvitation])
      await expect(act(memberCtx(world, others, others.owner), { invitationId: id })).rejects.toThrow(
        NotFoundError,
      )
    expect(await rows()).toMatchObject([{ mails: 1, revokedAt: null }])
  })

  test("again and again into one mailbox, by however many teams", async () => {
    for (let count = 0; count < MAILBOX_LIMIT; count += 1) await ask(grace.email)
    await expect(ask(grace.email)).rejects.toThrow(TooManyAttemptsError)
    team = await createTestTeam(world.db)
    await expect(ask(grace.email)).rejects.toMatchObject({ code: "too_many_attempts", field: "email" })
    expect(await rows()).toEqual([])
  })
})

test("withdrawing one that has ended says how", async () => {
  await ask(grace.email)
  const { id } = await open()
  await accept(await mailed())
  await expect(revokeInvitation(ctx(team.owner), { invitationId: id })).rejects.toThrow("has joined the team")
  await expect(resendInvitation(ctx(team.owner), { invitationId: id })).rejects.toThrow("has joined the team")
})
