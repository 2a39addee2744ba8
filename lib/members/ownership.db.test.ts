import { beforeEach, describe, expect, test } from "vitest"
import { listDeeds, memberCtx, readMember } from "@/dev/testing/members"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { ConflictError, ForbiddenError, NotFoundError } from "@/lib/errors"
import { acceptOwnership, declineOwnership } from "./accept-ownership"
import { changeRole } from "./change-role"
import { leaveTeam } from "./leave-team"
import { confirmOffer, offerOwnership, offerToken, withdrawOffer } from "./offer-ownership"
import { getOffer } from "./queries"
import { removeMember } from "./remove-member"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const ctx = (by: TestMember, now = new Date()) => memberCtx(world, team, by, now)
const offer = (to: TestMember, by = team.owner, now = new Date()) =>
  offerOwnership(ctx(by, now), { memberId: to.memberId })
const openId = async () => {
  const open = { teamId: team.id, acceptedAt: null, endedAt: null }
  return (await world.db.ownershipOffer.findFirstOrThrow({ where: open })).id
}
async function confirm(by = team.owner, now = new Date()) {
  const id = await openId()
  await confirmOffer(ctx(by, now), { offerId: id, token: offerToken({ teamId: team.id, id }) })
}
const roles = async () => {
  const all = [team.owner, team.admin, team.member].map((each) => readMember(world, team, each))
  return (await Promise.all(all)).map(({ role, removedAt }) => (removedAt ? "gone" : role))
}
const UNCHANGED = ["OWNER", "ADMIN", "MEMBER"]

test.each(["admin", "member"] as const)(
  "offered, confirmed by mail and accepted, the %s is the Owner and the former one an Admin",
  async (who) => {
    await offer(team[who])
    await expect(acceptOwnership(ctx(team[who]))).rejects.toThrow(ConflictError)
    await confirm()
    expect(await roles()).toEqual(UNCHANGED)
    await acceptOwnership(ctx(team[who]))
    expect(await roles()).toEqual(
      who === "admin" ? ["ADMIN", "OWNER", "MEMBER"] : ["ADMIN", "ADMIN", "OWNER"],
    )
    expect(await getOffer({ db: world.db, now: new Date() }, team.id)).toBeNull()
    await expect(acceptOwnership(ctx(team[who]))).rejects.toThrow(ConflictError)
    await leaveTeam(ctx(team.owner))
    expect((await listDeeds(world, team)).map(({ kind }) => kind)).toEqual([
      "ownership.offered",
      "ownership.offer_confirmed",
      "ownership.accepted",
      "member.left",
    ])
  },
)

test("the former Owner can’t take it back, and is one Admin among others", async () => {
  await offer(team.admin)
  await confirm()
  await acceptOwnership(ctx(team.admin))
  for (const act of [() => offer(team.member), () => withdrawOffer(ctx(team.owner))])
    await expect(act()).rejects.toThrow(ForbiddenError)
  await changeRole(ctx(team.admin), { memberId: team.owner.memberId, role: "MEMBER" })
  expect(await roles()).toEqual(["MEMBER", "OWNER", "MEMBER"])
})

describe("nobody becomes the Owner", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["whom it isn’t offered to", async () => acceptOwnership(ctx(team.member))],
    [
      "after it was withdrawn",
      async () => withdrawOffer(ctx(team.owner)).then(() => acceptOwnership(ctx(team.admin))),
    ],
    [
      "after they declined",
      async () => declineOwnership(ctx(team.admin)).then(() => acceptOwnership(ctx(team.admin))),
    ],
    ["after seven days", async () => acceptOwnership(ctx(team.admin, new Date(Date.now() + 8 * DAY_MS)))],
    ["after another offer", async () => offer(team.member).then(() => acceptOwnership(ctx(team.admin)))],
    [
      "after they were removed",
      async () =>
        removeMember(ctx(team.owner), { memberId: team.admin.memberId, credits: "move" }).then(() =>
          acceptOwnership(ctx(team.admin)),
        ),
    ],
  ])("%s", async (_, act) => {
    await offer(team.admin)
    await confirm()
    await expect(act()).rejects.toThrow(ConflictError)
    expect((await roles())[0]).toBe("OWNER")
  })

  test("by an offer that is confirmed too late, by somebody else, or without the mailed link", async () => {
    await offer(team.admin)
    const [late, id] = [new Date(Date.now() + 2 * HOUR_MS), await openId()]
    const token = offerToken({ teamId: team.id, id })
    await expect(confirm(team.owner, late)).rejects.toThrow(ConflictError)
    await expect(confirm(team.admin)).rejects.toThrow(ForbiddenError)
    for (const wrong of ["", `${token}x`, offerToken({ teamId: team.member.memberId, id })])
      await expect(confirmOffer(ctx(team.owner), { offerId: id, token: wrong })).rejects.toThrow(
        ForbiddenError,
      )
    await expect(acceptOwnership(ctx(team.admin))).rejects.toThrow(ConflictError)
  })

  test("who isn’t in the team, who owns it already, or by anybody but the Owner", async () => {
    const others = await createTestTeam(world.db)
    await expect(offer(others.owner)).rejects.toThrow(NotFoundError)
    await expect(offer(team.owner)).rejects.toThrow(ForbiddenError)
    for (const by of [team.admin, team.member, others.owner])
      await expect(offer(team.member, by)).rejects.toThrow(ForbiddenError)
  })
})

test("two who accept at once: one is the Owner, and the team is never without one", async () => {
  await offer(team.admin)
  await confirm()
  const [first, second] = await Promise.allSettled([
    acceptOwnership(ctx(team.admin)),
    offer(team.member)
      .then(() => confirm())
      .then(() => acceptOwnership(ctx(team.member))),
  ])
  expect([first.status, second.status]).toContain("fulfilled")
  expect((await roles()).filter((role) => role === "OWNER")).toHaveLength(1)
})

test("accepting while being removed: one of the two wins, and the team has an Owner", async () => {
  await offer(team.admin)
  await confirm()
  const [accepted, removed] = await Promise.allSettled([
    acceptOwnership(ctx(team.admin)),
    removeMember(ctx(team.owner), { memberId: team.admin.memberId, credits: "move" }),
  ])
  expect([accepted.status, removed.status].sort()).toEqual(["fulfilled", "rejected"])
  expect((await roles()).filter((role) => role === "OWNER")).toHaveLength(1)
})
