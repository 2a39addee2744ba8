import { beforeEach, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { memberCtx } from "@/dev/testing/members"
import { buyCredits, giveCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { approveRequest, declineRequest } from "./answer-request"
import { withdrawRequest } from "./end-request"
import { getCreditsToGive, getOwnRequest } from "./queries"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const ask = async (by = team.member, of = team) =>
  (
    await world.db.creditRequest.create({
      data: { teamId: of.id, memberId: by.memberId, amountNanos: usd(25), reason: "Evals" },
    })
  ).id
const owner = () => memberCtx(world, team, team.owner)
const own = (now = new Date()) => getOwnRequest({ db: world.db, now }, team.id, team.member.memberId)
const toGive = () =>
  getCreditsToGive(world.db, {
    teamId: team.id,
    memberId: team.admin.memberId,
    poolId: team.owner.poolId,
  })

test("a Member sees each state of the last request, and an answer for two weeks", async () => {
  expect(await own()).toBeNull()
  const withdrawn = await ask()
  expect(await own()).toMatchObject({ id: withdrawn, status: "open", amountNanos: usd(25), answeredBy: null })
  await withdrawRequest(memberCtx(world, team, team.member), { requestId: withdrawn })
  expect(await own()).toBeNull()
  await declineRequest(owner(), { requestId: await ask(), word: "Later" })
  expect(await own()).toMatchObject({ status: "declined", word: "Later", answeredBy: "OWNER of the test" })
  await buyCredits(world.db, team, team.owner, usd(50))
  await approveRequest(owner(), { requestId: await ask(), amountNanos: usd(20) })
  expect(await own()).toMatchObject({ status: "approved", grantedNanos: usd(20) })
  expect(await own(new Date(Date.now() + 13 * DAY_MS))).not.toBeNull()
  expect(await own(new Date(Date.now() + 15 * DAY_MS))).toBeNull()
})

test("whoever answers sees the open requests of the team, the longest waiting first, and what there is to give", async () => {
  expect(await toGive()).toEqual({ requests: [], hasMore: false, ownNanos: 0n, shownNanos: 0n })
  const others = await createTestTeam(world.db)
  await ask(others.member, others)
  await declineRequest(owner(), { requestId: await ask(), word: null })
  const ids = [await ask(), await ask(team.admin)]
  await buyCredits(world.db, team, team.owner, usd(50))
  await buyCredits(world.db, team, team.admin, usd(7))
  await giveCredits(world.db, team, team.admin, usd(100))
  const given = await toGive()
  expect(given).toMatchObject({ hasMore: false, ownNanos: usd(7), shownNanos: usd(50) })
  expect(given.requests.map(({ id }) => id)).toEqual(ids)
  expect(given.requests[0]).toMatchObject({ name: "MEMBER of the test", amountNanos: usd(25) })
})
