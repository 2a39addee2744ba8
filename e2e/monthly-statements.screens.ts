import { usd } from "@/dev/testing/ledger"
import { buyCredits, giveCredits, spendCredits, withoutIncluded } from "@/dev/testing/pools"
import { makeAt, makeThisMonth } from "@/dev/testing/statements"
import { endOf, monthAfter, monthOf } from "@/lib/statements/month"
import { LONG, test } from "./pages/shoot"

test("monthly statements: none, a list, one of several pools, on paper", async ({
  page,
  db,
  team,
  signInAs,
  shoot,
}) => {
  await withoutIncluded(db, team)
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.member.userId }, data: { name: LONG } })
  const details = { company: "Fabrikam GmbH", line1: "Torstraße 1", postalCode: "10119", city: "Berlin" }
  await db.billingDetails.create({
    data: {
      ...details,
      ...{
        teamId: team.id,
        country: "DE",
        taxIdType: "eu_vat",
        taxIdValue: "DE123456789",
        updatedAt: new Date(),
      },
    },
  })
  const path = `/${team.slug}/settings/account/billing/statements`
  await signInAs(team.owner)
  await page.goto(path)
  await shoot("statements-none")
  await buyCredits(db, team, team.owner, usd(250))
  await buyCredits(db, team, team.member, usd(9_999_999))
  await giveCredits(db, team, team.owner, usd(10))
  await spendCredits(db, team, team.owner, 48_204_999_999n)
  await spendCredits(db, team, team.member, 1_234_567_891_234n)
  await makeThisMonth(db, team)
  const month = monthOf(new Date())
  await makeAt(db, team, endOf(monthAfter(monthAfter(monthAfter(month)))))
  await page.goto(path)
  await shoot("statements-some")
  await page.goto(`${path}/${month}`)
  await shoot("statement")
  await page.emulateMedia({ media: "print" })
  await shoot("statement-on-paper")
})
