import { expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { listNotifications } from "@/dev/testing/notifications"
import type { TestMember } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Role } from "@/lib/db/generated/enums"
import { reportUsage } from "@/lib/metering/report-usage"
import { getInbox } from "@/lib/notifications/queries"
import { listRecipients } from "@/lib/notifications/recipients"
import { saveLimit } from "./save-limit"

const world = testDatabase()
const meterings = testMetering(world)

test("a Member who shares the team’s pool is told of their own limit, and no other Member is", async () => {
  const team = await createEnterpriseTeam(world.db)
  const metering = meterings.start()
  const spend = (quantity: bigint) =>
    reportUsage(
      metering,
      team.id,
      usageOf({ cause: { trigger: "user", user: team.member.memberId, apiKeyId: null }, quantity }),
    )
  const { allowanceQuantity, rateNanos } = CATALOG.plans.enterprise.terms.sms
  await spend(allowanceQuantity)
  await saveLimit(
    {
      db: world.db,
      now: new Date(),
      team: { id: team.id, plan: "enterprise" },
      actor: { ...team.owner, address: "203.0.113.7" },
    },
    {
      subject: { kind: "member", memberId: team.member.memberId },
      amountNanos: 5n * rateNanos,
      isHard: true,
    },
  )
  await spend(4n)
  await spend(1n)
  const titles = async ({ memberId }: { memberId: string }, role: Role) =>
    (await getInbox(world.db, team.id, { id: memberId, role }, new Date())).items.map(({ title }) => title)
  expect(await titles(team.member, "MEMBER")).toEqual([
    expect.stringMatching(/^Your monthly limit is reached: \$/),
    "80% of your monthly limit is used",
  ])
  expect(await titles(team.admin, "ADMIN")).toEqual([
    expect.stringMatching(/^The monthly limit of MEMBER of the test is reached: \$/),
    "80% of the monthly limit of MEMBER of the test is used",
  ])
  // As a Member, the Admin would be another one.
  expect(await titles(team.admin, "MEMBER")).toEqual([])
  const [notice] = await listNotifications(world, team)
  const mailed = notice
    ? await listRecipients(world.db, { ...notice, type: "credit_spend_limit_reached" }, "email")
    : []
  expect(mailed.map(({ memberId }) => memberId)).toEqual(idsOf([team.owner, team.admin, team.member]))
})

const idsOf = (members: TestMember[]) => members.map(({ memberId }) => memberId)
