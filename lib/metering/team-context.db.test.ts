import { expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { poolName, readTeamContext } from "./team-context"

const world = testDatabase()

test("members without a name are called by their role, never by their email address", async () => {
  const team = await createTestTeam(world.db)
  await world.db.user.update({ where: { id: team.owner.userId }, data: { name: null } })
  await world.db.user.update({ where: { id: team.member.userId }, data: { name: "" } })
  const context = await readTeamContext(queryIn(world.db), team.id)
  if (!context) throw new Error("The team is there")
  expect([team.owner, team.admin, team.member].map(({ poolId }) => poolName(context, poolId))).toEqual([
    "Owner",
    "ADMIN of the test",
    "Member",
  ])
})
