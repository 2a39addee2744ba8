import { beforeEach, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { APP_URL } from "@/dev/testing/environment"
import { usd } from "@/dev/testing/ledger"
import { testMailServer } from "@/dev/testing/mail-server"
import { memberCtx } from "@/dev/testing/members"
import { buyCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { acceptOwnership } from "./accept-ownership"
import { changeRole } from "./change-role"
import { leaveTeam } from "./leave-team"
import { mailMembershipChange } from "./mail-membership-change"
import { confirmOffer, offerOwnership, offerToken } from "./offer-ownership"
import { removeMember } from "./remove-member"

const world = testDatabase()
const server = testMailServer(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const ctx = (by: TestMember) => memberCtx(world, team, by)
const remove = (member: TestMember, credits: "move" | "keep" = "move") =>
  removeMember(ctx(team.owner), { memberId: member.memberId, credits })
const give = (role: "ADMIN" | "MEMBER", to: TestMember, by = team.owner) =>
  changeRole(ctx(by), { memberId: to.memberId, role })

async function work() {
  const jobs = await world.db.$queryRaw<{ payload: { teamId: string; eventId: string } }[]>`
    DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier = 'mail-membership-change' RETURNING j.payload`
  for (const { payload } of jobs) await mailMembershipChange({ db: world.db, appUrl: APP_URL }, payload)
  return jobs.map(({ payload }) => payload)
}
const mails = () =>
  server.received.map(({ to, raw }) => ({
    to: to[0],
    text: raw.replace(/=\r\n/g, "").replace(/=E2=80=99/g, "’"),
  }))

test("a removed person is mailed who removed them and where their bought credits went, once", async () => {
  await buyCredits(world.db, team, team.member, usd(38.4))
  await remove(team.member)
  const [ref] = await work()
  expect(mails()).toMatchObject([
    { to: team.member.email, text: expect.stringContaining(`You were removed from ${team.name}`) },
  ])
  expect(mails()[0]?.text).toMatch(
    /OWNER of the test removed you from the team\.\s+\$38\.40 of bought credits\s+was moved to OWNER of the test’s pool\./,
  )
  // The queue tries again after a crash: the same mail under the same id.
  if (ref) await mailMembershipChange({ db: world.db, appUrl: APP_URL }, ref)
  const ids = mails().map(({ text }) => /^message-id: (.+)$/im.exec(text)?.[1])
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
})

test("it says so if the credits stay, and nothing of credits where there are none", async () => {
  await buyCredits(world.db, team, team.member, usd(20))
  await remove(team.member, "keep")
  await remove(team.admin)
  await work()
  const [kept, none] = [team.member, team.admin].map(
    ({ email }) => mails().find(({ to }) => to === email)?.text ?? "",
  )
  expect(kept).toMatch(/\$20\.00 of bought credits stays\s+in your former pool/)
  expect(none).toContain("removed you from the team.")
  expect(none).not.toContain("bought")
  team = await createEnterpriseTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(30))
  await remove(team.member)
  await work()
  expect(mails().at(-1)?.text).not.toContain("bought")
})

test("whose role changed is mailed, also the former Owner, and nobody of what they did themselves", async () => {
  await give("ADMIN", team.member)
  await give("MEMBER", team.admin, team.admin)
  expect(await work()).toHaveLength(1)
  expect(mails()).toMatchObject([
    { to: team.member.email, text: expect.stringMatching(/^Subject: You are now an Admin of/m) },
  ])
  await offerOwnership(ctx(team.owner), { memberId: team.member.memberId })
  const { id } = await world.db.ownershipOffer.findFirstOrThrow({ where: { teamId: team.id } })
  await confirmOffer(ctx(team.owner), { offerId: id, token: offerToken({ teamId: team.id, id }) })
  await acceptOwnership(ctx(team.member))
  await leaveTeam(ctx(team.admin))
  expect(await work()).toHaveLength(1)
  expect(mails().slice(1)).toMatchObject([
    { to: team.owner.email, text: expect.stringContaining("accepted ownership of the") },
  ])
})

test("what has been changed again before the mail goes out is not told, nor is what was rolled back", async () => {
  await give("ADMIN", team.member)
  await give("MEMBER", team.member)
  await remove(team.admin)
  await world.db.member.updateMany({
    where: { id: team.admin.memberId },
    data: { removedAt: null, movesCredits: false },
  })
  await expect(
    removeMember(ctx(team.member), { memberId: team.admin.memberId, credits: "move" }),
  ).rejects.toThrow()
  await work()
  expect(mails()).toMatchObject([
    { to: team.member.email, text: expect.stringMatching(/^Subject: You are now a Member of/m) },
  ])
})
