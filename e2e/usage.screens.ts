import { toPublicId } from "@/lib/ids"
import { LONG, test } from "./pages/shoot"
import { reportTwoWeeks } from "./pages/usage"

test("usage: none, by each group, narrowed, its records, wrong days; and what a Member sees", async ({
  page,
  db,
  request,
  team,
  billingPath,
  signInAs,
  signInInstead,
  shoot,
}) => {
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.member.userId }, data: { name: LONG } })
  const path = `${billingPath}/usage`
  await signInAs(team.owner)
  await page.goto(path)
  await shoot("usage-none")
  await reportTwoWeeks({ db, request }, team, "مفتاح الإنتاج")
  const member = toPublicId("member", team.member.memberId)
  for (const [name, query] of [
    ["consumable", ""],
    ["week", "?range=7d"],
    ["member", "?by=member&range=90d"],
    ["run", "?by=run"],
    ["narrowed", `?by=model&member=${member}&consumable=llm_tokens`],
    ["records", "?view=records"],
    ["wrong-days", "?range=custom&from=2026-02-29&to=2026-03-01"],
    ["nothing-then", "?range=custom&from=2020-02-29&to=2020-03-01"],
  ] as const) {
    await page.goto(`${path}${query}`)
    await shoot(`usage-${name}`)
  }
  await signInInstead(team.member)
  await page.goto(path)
  await shoot("usage-as-member")
  await page.goto(`${path}?view=records`)
  await shoot("usage-as-member-records")
  await db.team.update({ where: { id: team.id }, data: { membersSeeCosts: true } })
  await page.goto(path)
  await shoot("usage-as-member-costs")
})
