import { expect, test } from "vitest"
import { memberCtx } from "@/dev/testing/members"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { removeMember } from "@/lib/members/remove-member"
import { listPools } from "./queries"

const world = testDatabase()

test("the Owner’s pool comes first, and those of people who have left come last and are never low", async () => {
  const team = await createTestTeam(world.db)
  const ref = { id: team.id, lowBalanceThresholdNanos: 5n }
  const list = async () =>
    (await listPools(world.db, ref)).map(({ holder, isLow }) => [holder?.role, holder?.hasLeft, isLow])
  expect(await list()).toEqual([
    ["OWNER", false, true],
    ["ADMIN", false, true],
    ["MEMBER", false, true],
  ])
  const ctx = memberCtx(world, team, team.owner)
  await removeMember(ctx, { memberId: team.admin.memberId, credits: "move" })
  expect(await list()).toEqual([
    ["OWNER", false, true],
    ["MEMBER", false, true],
    ["ADMIN", true, false],
  ])
})
