import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { buy, refundOf, report } from "@/dev/testing/money-back"
import { buyCredits, giveCredits, spendCredits } from "@/dev/testing/pools"
import { hashToken, newToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { LONG, test } from "./pages/shoot"

test("the history", async ({ page, db, team, billingPath, signInAs, shoot }) => {
  await signInAs(team.owner)
  const path = `${billingPath}/transactions`
  await page.goto(path)
  await shoot("history-empty")
  await db.user.update({ where: { id: team.owner.userId }, data: { name: LONG } })
  await createTestApiKey(db, team, { name: "production" })
  const payment = await buy(db, { teamId: team.id, poolId: team.owner.poolId }, usd(25))
  await giveCredits(db, team, team.owner, 9_999_999_990_000_000n)
  for (let n = 1; n < 8; n++) await spendCredits(db, team, team.owner, 1_234_567_890n * BigInt(n))
  await report(db, await refundOf(db, payment, usd(10)))
  await buyCredits(db, team, team.owner, usd(10))
  for (const [name, query] of [
    ["list", ""],
    ["filtered", "?kind=consumption&min=1&max=5"],
    ["nothing", "?kind=dispute"],
    ["bad", "?from=2026-02-02&to=2026-02-01&min=a"],
    ["found", `?ref=${payment.paymentIntentId}`],
    ["not-found", "?ref=pi_nothing"],
    ["sheet-purchase", "?open=1"],
    ["sheet-given", "?open=2"],
    ["sheet-usage", "?open=3"],
    ["sheet-refund", "?open=10"],
  ] as const) {
    await page.goto(path + query)
    await shoot(`history-${name}`)
  }
  await page.goto(path)
  await page.getByText("Export", { exact: true }).click()
  await shoot("history-export")
  const asked = {
    teamId: team.id,
    poolId: team.owner.poolId,
    memberId: team.owner.memberId,
    query: "",
    upTo: 9n,
  }
  const { id } = await db.export.create({
    data: { ...asked, expectedRows: 9_876_543n, countedRows: 3_300_000n, countedBefore: 1n },
  })
  const link = `${billingPath}/exports/${toPublicId("exp", id)}`
  await page.goto(link)
  await shoot("export-running")
  const token = newToken()
  await db.export.updateMany({
    where: { teamId: team.id, id },
    data: {
      ...{ countedRows: 9_876_543n, countedBefore: null, tokenHash: hashToken(token) },
      expiresAt: new Date(Date.now() + DAY_MS),
    },
  })
  await page.goto(`${link}?key=${token}`)
  await shoot("export-done")
})
