import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { createTestTeam } from "@/dev/testing/teams"
import { newId } from "@/lib/ids"
import { expect } from "./fixtures"
import { LONG, test } from "./pages/shoot"

test("the palette", async ({ page, db, team, billingPath, signInAs, signInInstead, shoot, watched }) => {
  watched.allow(/ERR_FAILED/)
  const called = [
    [team.owner, "Ada Marlow"],
    [team.admin, LONG],
    [team.member, "محمد الفارابي"],
  ] as const
  for (const [person, name] of called) await db.user.update({ where: { id: person.userId }, data: { name } })
  for (const name of ["Marlow index", "production"]) await createTestApiKey(db, team, { name })
  const payment = await buy(db, { teamId: team.id, poolId: team.owner.poolId }, usd(25))
  await report(db, await refundOf(db, payment, usd(10)))
  const others = await createTestTeam(db)
  await db.team.update({ where: { id: others.id }, data: { name: "Marlow Research" } })
  await db.member.create({
    data: { teamId: others.id, id: newId(), userId: team.owner.userId, role: "MEMBER" },
  })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await shoot("palette-closed")
  await page.getByRole("button", { name: "Find" }).click()
  const palette = page.getByRole("dialog", { name: "Find" })
  const input = palette.getByRole("combobox")
  await expect(input).toBeFocused()
  await shoot("palette-opened")
  for (const [name, text, result] of [
    ["found", "marlow", "3 results"],
    ["mixed", "m", /results$/],
    ["long", "extraordinarily", "1 result"],
    ["rtl", "محمد", "1 result"],
    ["transactions", payment.paymentIntentId, "2 results"],
    ["nothing", "nobody at all", /^Nothing found/],
  ] as const) {
    await input.fill(text)
    await expect(palette.getByRole("status")).toHaveText(result)
    await shoot(`palette-${name}`)
  }
  await page.route("**/search?**", (route) => route.abort())
  await input.fill("team")
  await expect(palette.getByRole("status")).toHaveText(/^Only pages/)
  await shoot("palette-failed")
  await signInInstead(team.member)
  await page.goto(billingPath)
  await page.getByRole("button", { name: "Find" }).click()
  await expect(input).toBeFocused()
  await shoot("palette-member")
})
