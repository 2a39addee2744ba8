import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { usd } from "@/dev/testing/ledger"
import { listDeeds, memberCtx } from "@/dev/testing/members"
import { listNotifications } from "@/dev/testing/notifications"
import { balanceOf, buyCredits, giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError } from "@/lib/errors"
import { fromPublicId, newId } from "@/lib/ids"
import { changeRole } from "@/lib/members/change-role"
import { leaveTeam } from "@/lib/members/leave-team"
import { removeMember } from "@/lib/members/remove-member"
import { listRecipients } from "@/lib/notifications/recipients"
import { addMember } from "@/lib/teams/create-team"
import { approveRequest, declineRequest } from "./answer-request"
import { withdrawRequest } from "./end-request"
import { REQUEST_LIMITS, requestCredits } from "./request-credits"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(100))
})

const ctx = (by: TestMember, now = new Date()) => memberCtx(world, team, by, now)
type Changes = { amount?: number; reason?: string; changes?: string | null; by?: TestMember; now?: Date }
async function ask({ amount = 25, reason = "Nightly evals", changes = null, by, now }: Changes = {}) {
  const asked = { amountNanos: usd(amount), reason, changes }
  const { requestId } = await requestCredits(ctx(by ?? team.member, now), asked)
  return fromPublicId("creq", requestId) ?? ""
}
const approve = (requestId: string, amount = 25, by = team.owner) =>
  approveRequest(ctx(by), { requestId, amountNanos: usd(amount) })
const decline = (requestId: string, word: string | null = null, by = team.owner) =>
  declineRequest(ctx(by), { requestId, word })
const withdraw = (requestId: string, by = team.member) => withdrawRequest(ctx(by), { requestId })
const rows = () => world.db.creditRequest.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })
const transfers = () => world.db.transfer.findMany({ where: { teamId: team.id } })
const told = async (type: string) =>
  (await listNotifications(world, team)).filter((each) => each.type === type)
const kinds = async () => (await listDeeds(world, team)).map(({ kind }) => kind)
const balances = async () =>
  Promise.all([team.owner, team.admin, team.member].map((member) => balanceOf(world.db, team, member)))

describe("a request", () => {
  test("waits for an answer, and Owners and Admins are told", async () => {
    const id = await ask()
    expect(await rows()).toMatchObject([
      { id, status: "open", memberId: team.member.memberId, amountNanos: usd(25), reason: "Nightly evals" },
    ])
    expect(await told("credit_requested")).toMatchObject([
      {
        poolId: team.member.poolId,
        data: { name: "MEMBER of the test", amount: "25.00", reason: "Nightly evals", is_changed: false },
      },
    ])
    const notice = {
      teamId: team.id,
      type: "credit_requested" as const,
      poolId: team.member.poolId,
      memberId: null,
    }
    for (const channel of ["in_app", "email"] as const)
      expect((await listRecipients(world.db, notice, channel)).map(({ role }) => role)).toEqual([
        "OWNER",
        "ADMIN",
      ])
    expect(await listDeeds(world, team)).toMatchObject([
      { kind: "credit_request.made", by: team.member.memberId, subject: "$25.00" },
    ])
  })

  test("is one per Member: the same again is the same, and another has to change it", async () => {
    const id = await ask()
    expect(await ask()).toBe(id)
    await expect(ask({ amount: 50 })).rejects.toThrow("You have asked for $25.00 already.")
    expect(await ask({ amount: 50, changes: id })).toBe(id)
    expect(await rows()).toMatchObject([{ id, amountNanos: usd(50), version: 2 }])
    expect((await told("credit_requested")).map(({ data }) => data)).toMatchObject([
      { amount: "25.00", is_changed: false },
      { amount: "50.00", is_changed: true },
    ])
    expect(await listDeeds(world, team)).toMatchObject([
      { kind: "credit_request.made" },
      { kind: "credit_request.changed", before: { amount: "25.00" }, after: { amount: "50.00" } },
    ])
  })

  test("made ten times at once is one", async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => ask()))
    expect(new Set(ids).size).toBe(1)
    expect(await rows()).toHaveLength(1)
    expect(await told("credit_requested")).toHaveLength(1)
  })

  test("can be made again once the last one has ended", async () => {
    await withdraw(await ask())
    await decline(await ask())
    await ask()
    expect((await rows()).map(({ status }) => status)).toEqual(["withdrawn", "declined", "open"])
  })

  test("that was answered meanwhile isn’t changed, and says what became of it", async () => {
    const id = await ask()
    await decline(id)
    await expect(ask({ amount: 50, changes: id })).rejects.toThrow(
      "OWNER of the test has declined this request already.",
    )
    expect(await rows()).toHaveLength(1)
  })

  test("is made so often a day, and again the next day", async () => {
    const today = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS)
    let id = await ask({ now: today })
    for (let amount = 26; amount < 25 + REQUEST_LIMITS.user; amount++)
      id = await ask({ amount, changes: id, now: today })
    await expect(ask({ amount: 99, changes: id, now: today })).rejects.toThrow(TooManyAttemptsError)
    expect(await rows()).toMatchObject([{ amountNanos: usd(24 + REQUEST_LIMITS.user) }])
    await ask({ amount: 99, changes: id, now: new Date(today.getTime() + DAY_MS) })
  })

  test("isn’t for Owners and Admins, who buy, nor for people of other teams or who have left", async () => {
    const others = await createTestTeam(world.db)
    await removeMember(ctx(team.owner), { memberId: team.member.memberId, credits: "move" })
    for (const by of [team.owner, team.admin, others.member, team.member])
      await expect(ask({ by })).rejects.toThrow(ForbiddenError)
    expect(await rows()).toEqual([])
  })

  test("makes no sense where everybody shares a pool, and says so", async () => {
    team = await createEnterpriseTeam(world.db)
    await expect(ask()).rejects.toThrow("Your whole team shares one pool.")
  })
})

describe("an approval", () => {
  test("moves bought credits from one’s own pool to the Member’s, by one linked transfer, and tells them", async () => {
    const id = await ask()
    expect(await approve(id)).toEqual({ grantedNanos: usd(25) })
    expect(await balances()).toEqual([usd(75), 0n, usd(25)])
    const [transfer] = await transfers()
    expect(transfer).toMatchObject({
      reason: "request",
      fromPoolId: team.owner.poolId,
      toPoolId: team.member.poolId,
      madeByMemberId: team.owner.memberId,
    })
    expect(await rows()).toMatchObject([
      {
        status: "approved",
        grantedNanos: usd(25),
        transferId: transfer?.id,
        answeredByMemberId: team.owner.memberId,
      },
    ])
    expect(await told("credit_request_answered")).toMatchObject([
      { data: { answer: "approved", asked: "25.00", granted: "25.00", answered_by: "OWNER of the test" } },
    ])
    expect(await listDeeds(world, team)).toMatchObject([
      { kind: "credit_request.made" },
      {
        kind: "credit_request.approved",
        by: team.owner.memberId,
        subject: "MEMBER of the test",
        after: { asked: "25.00", granted: "25.00" },
      },
    ])
  })

  test("tells the Member alone", async () => {
    const notice = {
      teamId: team.id,
      type: "credit_request_answered" as const,
      poolId: team.member.poolId,
      memberId: null,
    }
    for (const channel of ["in_app", "email"] as const)
      expect((await listRecipients(world.db, notice, channel)).map(({ memberId }) => memberId)).toEqual([
        team.member.memberId,
      ])
  })

  test("may be of another amount, by an Admin, from the Admin’s own pool", async () => {
    await buyCredits(world.db, team, team.admin, usd(10))
    const id = await ask()
    await approve(id, 7.5, team.admin)
    expect(await balances()).toEqual([usd(100), usd(2.5), usd(7.5)])
    expect(await rows()).toMatchObject([{ amountNanos: usd(25), grantedNanos: usd(7.5) }])
  })

  test("of more than the pool can give says how much there is, leads to buying, and leaves the request open", async () => {
    await giveCredits(world.db, team, team.owner, usd(500))
    const id = await ask({ amount: 200 })
    await expect(approve(id, 200)).rejects.toMatchObject({
      field: "amount",
      title:
        "Only $100.00 of bought credits can be moved from your pool. Buy credits first, or approve less.",
    })
    await expect(approve(id, 200, team.admin)).rejects.toThrow(
      "There are no bought credits to move from your pool. Buy credits first, or approve less.",
    )
    expect(await rows()).toMatchObject([{ status: "open" }])
    expect(await transfers()).toEqual([])
    expect(await told("credit_request_answered")).toEqual([])
  })

  test("by many at once is one, and the others hear whose", async () => {
    await buyCredits(world.db, team, team.admin, usd(100))
    const id = await ask()
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => approve(id, 25 + n, n % 2 ? team.admin : team.owner)),
    )
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const each of all)
      if (each.status === "rejected")
        expect(String(each.reason)).toMatch(/of the test has approved this request already\./)
    expect(await transfers()).toHaveLength(1)
    expect(await told("credit_request_answered")).toHaveLength(1)
  })

  test("sent twice by one person moves credits once", async () => {
    const id = await ask()
    await Promise.all([approve(id), approve(id), approve(id)])
    expect(await balances()).toEqual([usd(75), 0n, usd(25)])
    expect((await kinds()).filter((kind) => kind === "credit_request.approved")).toHaveLength(1)
  })

  test.each([
    ["it is withdrawn", (id: string) => withdraw(id), "withdrawn"],
    ["it is declined", (id: string) => decline(id, null, team.admin), "declined"],
    [
      "the Member is removed",
      () => removeMember(ctx(team.owner), { memberId: team.member.memberId, credits: "move" }),
      "withdrawn",
    ],
    ["the Member leaves", () => leaveTeam(ctx(team.member)), "withdrawn"],
  ])("while %s: one of the two comes first, and nothing is lost", async (_, end, status) => {
    const id = await ask()
    const [approved, ended] = await Promise.allSettled([approve(id), end(id)])
    const [row] = await rows()
    if (approved.status === "rejected") {
      expect(approved.reason).toBeInstanceOf(ConflictError)
      expect(row).toMatchObject({ status, transferId: null })
      expect(ended.status).toBe("fulfilled")
    } else expect(row).toMatchObject({ status: "approved" })
    const [owner = 0n, , member = 0n] = await balances()
    expect(owner + member).toBe(usd(100))
  })

  test("after each of these has ended it moves nothing", async () => {
    const withdrawn = await ask()
    await withdraw(withdrawn)
    await expect(approve(withdrawn)).rejects.toThrow("This request was withdrawn.")
    const declined = await ask()
    await decline(declined)
    await expect(approve(declined)).rejects.toThrow("OWNER of the test has declined this request already.")
    const left = await ask()
    await leaveTeam(ctx(team.member))
    await expect(approve(left)).rejects.toThrow("They have left the team.")
    expect(await transfers()).toEqual([])
  })

  test("while the approver is demoted happens before or not at all", async () => {
    await buyCredits(world.db, team, team.admin, usd(100))
    const id = await ask()
    const [approved] = await Promise.allSettled([
      approve(id, 25, team.admin),
      changeRole(ctx(team.owner), { memberId: team.admin.memberId, role: "MEMBER" }),
    ])
    expect(await transfers()).toHaveLength(approved.status === "fulfilled" ? 1 : 0)
    if (approved.status === "rejected") expect(approved.reason).toBeInstanceOf(ForbiddenError)
  })

  test("is nothing for Members, for who asked and became an Admin, and for other teams", async () => {
    const others = await createTestTeam(world.db)
    const id = await ask()
    await expect(approve(id, 25, team.member)).rejects.toThrow(ForbiddenError)
    await expect(decline(id, null, team.member)).rejects.toThrow(ForbiddenError)
    await changeRole(ctx(team.owner), { memberId: team.member.memberId, role: "ADMIN" })
    await expect(approve(id, 25, team.member)).rejects.toThrow("Somebody else has to answer")
    const theirs = memberCtx(world, others, others.owner)
    for (const act of [
      () => approveRequest(theirs, { requestId: id, amountNanos: usd(1) }),
      () => declineRequest(theirs, { requestId: id, word: null }),
      () => withdrawRequest(theirs, { requestId: id }),
    ])
      await expect(act()).rejects.toThrow(NotFoundError)
    expect(await rows()).toMatchObject([{ status: "open" }])
    await withdraw(id)
  })

  test("of fifty Members at once from one pool never takes more than it has", async () => {
    const ids: string[] = []
    for (let n = 0; n < 50; n++) {
      const { id: userId } = await world.db.user.create({ data: { email: `${newId()}@example.com` } })
      const joining = { teamId: team.id, plan: "max" as const, role: "MEMBER" as const, userId }
      const { memberId, poolId } = await world.db.$transaction((tx) => addMember(tx, joining))
      const by = { userId, memberId, poolId: poolId ?? "", email: "", address: randomUUID() }
      ids.push(await ask({ by, amount: 3 }))
    }
    const all = await Promise.allSettled(ids.map((id) => approve(id, 3)))
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(33)
    expect(await balanceOf(world.db, team, team.owner)).toBe(usd(1))
  })
})

describe("a request that is declined", () => {
  test("says why to the Member, and leaves no credits behind", async () => {
    await decline(await ask(), "Please use the shared key", team.admin)
    expect(await rows()).toMatchObject([{ status: "declined", word: "Please use the shared key" }])
    expect(await told("credit_request_answered")).toMatchObject([
      {
        poolId: team.member.poolId,
        data: { answer: "declined", granted: null, word: "Please use the shared key" },
      },
    ])
    expect(await balances()).toEqual([usd(100), 0n, 0n])
    expect((await kinds()).at(-1)).toBe("credit_request.declined")
  })

  test("twice, is declined once", async () => {
    const id = await ask()
    await Promise.all([decline(id, "No"), decline(id, "No")])
    expect(await told("credit_request_answered")).toHaveLength(1)
    await expect(decline(id, "No", team.admin)).rejects.toThrow(
      "OWNER of the test has declined this request already.",
    )
  })
})

test("a request is withdrawn by who made it alone, and again changes nothing", async () => {
  const id = await ask()
  await expect(withdraw(id, team.owner)).rejects.toThrow(NotFoundError)
  await withdraw(id)
  await withdraw(id)
  expect(await kinds()).toEqual(["credit_request.made", "credit_request.withdrawn"])
  const approved = await ask()
  await approve(approved)
  await expect(withdraw(approved)).rejects.toThrow("OWNER of the test has approved this request already.")
})
