import { beforeEach, describe, expect, test } from "vitest"
import { listDeeds, memberCtx } from "@/dev/testing/members"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError, ForbiddenError, InvalidInputError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { leaveTeam } from "@/lib/members/leave-team"
import { allowDomain, disallowDomain, joinByDomain, listDomains, listJoinableTeams } from "./domains"

const world = testDatabase()
let team: TestTeam
let domain: string
let grace: { id: string; name: string; email: string; address: string }

beforeEach(async () => {
  team = await createTestTeam(world.db)
  domain = `${newId()}.example`
  for (const who of ["owner", "admin"] as const) {
    team[who].email = `${who}@${domain}`
    await world.db.user.update({ where: { id: team[who].userId }, data: { email: team[who].email } })
  }
  grace = await person(`grace@${domain}`)
})

async function person(email: string) {
  const { id } = await world.db.user.create({ data: { email } })
  return { id, name: email, email, address: "192.0.2.7" }
}
const allow = (by = team.owner, given = domain) => allowDomain(memberCtx(world, team, by), { domain: given })
const join = (who = grace) =>
  joinByDomain({ db: world.db, now: new Date(), person: who }, { teamId: team.id })
const joinable = async (who = grace) => (await listJoinableTeams(world.db, who)).map(({ id }) => id)

test("the Owner opens the team to their own domain, and its people join as Members", async () => {
  await allow()
  await allow()
  expect(await listDomains(world.db, team.id)).toEqual([domain])
  expect(await joinable()).toEqual([team.id])
  expect(await join()).toEqual({ slug: team.slug })
  expect(await join()).toEqual({ slug: team.slug })
  expect(await world.db.member.findMany({ where: { userId: grace.id } })).toMatchObject([
    { teamId: team.id, role: "MEMBER", removedAt: null },
  ])
  expect(await joinable()).toEqual([])
  expect((await listDeeds(world, team)).map(({ kind }) => kind)).toEqual(["domain.added", "member.joined"])
})

test("taken back, it lets nobody else in, and who has joined stays", async () => {
  await allow()
  await join()
  await disallowDomain(memberCtx(world, team, team.owner), { domain })
  const late = await person(`late@${domain}`)
  expect(await joinable(late)).toEqual([])
  await expect(join(late)).rejects.toThrow(ConflictError)
  expect(await join()).toEqual({ slug: team.slug })
})

describe("nobody joins", () => {
  test("with an address elsewhere, at a part of the domain, or a longer one", async () => {
    await allow()
    for (const email of [
      `a@sub.${domain}`,
      `a@x${domain}`,
      `${domain}@example.org`,
      `"@${domain}"@example.org`,
    ]) {
      const stranger = await person(email)
      expect(await joinable(stranger)).toEqual([])
      await expect(join(stranger)).rejects.toThrow(ConflictError)
    }
  })

  test("who was in the team before, or where the team is gone", async () => {
    await allow()
    await join()
    const [{ id = "" } = {}] = await world.db.member.findMany({ where: { userId: grace.id } })
    const ctx = memberCtx(world, team, { ...team.member, memberId: id, userId: grace.id })
    await leaveTeam(ctx)
    expect(await joinable()).toEqual([])
    await expect(join()).rejects.toThrow("You were in this team before")
    await world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } })
    await expect(join(await person(`late@${domain}`))).rejects.toThrow(ConflictError)
  })

  test("twenty times at once more than once", async () => {
    await allow()
    await Promise.all(Array.from({ length: 20 }, () => join()))
    expect(await world.db.member.count({ where: { userId: grace.id } })).toBe(1)
  })
})

describe("a domain isn’t allowed", () => {
  test("by an Admin or a Member", async () => {
    for (const by of [team.admin, { ...team.member, email: `m@${domain}` }])
      await expect(allow(by)).rejects.toThrow(ForbiddenError)
  })

  test("that is another’s than the Owner’s, or where anybody gets an address", async () => {
    await expect(allow(team.owner, "fabrikam.com")).rejects.toThrow(InvalidInputError)
    await expect(allow({ ...team.owner, email: "ada@gmail.com" }, "gmail.com")).rejects.toThrow(
      "Anybody can get",
    )
    expect(await listDomains(world.db, team.id)).toEqual([])
  })
})
