import { expect } from "./fixtures"
import { bell, bellPanel, tell } from "./pages/bell"
import { LONG, test } from "./pages/shoot"

test("the bell, preferences and the way out of mails", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await bell(page).click()
  await expect(bellPanel(page)).toBeVisible()
  await shoot("bell-empty")
  await page.keyboard.press("Escape")
  await page.goto(`/${team.slug}/settings/notifications`)
  await shoot("preferences")
  const told = (type: string, data: object, poolId: string | null = team.owner.poolId) =>
    tell(db, team, { type: type as never, data: data as never, poolId })
  const purchase_id = "pur_01jd0000000000000000000000"
  await told("credit_purchase_succeeded", { amount: "250.00", balance: "9999999.99", purchase_id })
  const dispute = { amount: "250.00", reason: "Not recognised." }
  await told("credit_dispute_opened", { ...dispute, purchase_id, paid_for: "credits" })
  await told("credit_dispute_opened", { ...dispute, purchase_id: null, paid_for: "plan" }, null)
  const paid = { amount: "250.00", at: new Date().toISOString(), kind: "one_time" }
  await told("credit_refunded", { amount: "250.00", paid, balance: "-12.00", purchase_id, auto_top_up: true })
  const renewal = { plan: "Business", amount: "300.00", invoice_id: "in_1", kind: "renewal" }
  await told("plan_payment_failed", renewal, null)
  await told("credit_spend_cap_reached", { percent: 80, cap: "200.00", committed: "160.00" }, null)
  await told("credit_spend_cap_reached", { percent: 100, cap: "200.00", committed: "200.00" }, null)
  const failed = { amount: "50.00", kind: "auto_top_up", purchase_id, retry_at: new Date().toISOString() }
  const reason = "Your bank declined the charge: insufficient funds."
  await told("credit_purchase_failed", { ...failed, reason })
  await told("credit_auto_recharge_suspended", { failures: 3, reason })
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  await told("credit_payment_action_required", { amount: "50.00", purchase_id, expires_at })
  await told("credit_auto_recharge_triggered", { amount: "50.00", balance: "58.00", purchase_id })
  await told("credit_balance_low", { balance: "4.20", threshold: "5.00" })
  await told("credit_balance_depleted", { balance: "0.00" })
  await page.goto(billingPath)
  await expect(bell(page)).toHaveAccessibleName("Notifications, 13 unread")
  await bell(page).click()
  await bellPanel(page).getByRole("listitem").last().scrollIntoViewIfNeeded()
  await shoot("bell-last")
  await bellPanel(page).getByRole("listitem").first().scrollIntoViewIfNeeded()
  await shoot("bell")
  await page.keyboard.press("Escape")
  await db.user.update({ where: { id: team.owner.userId }, data: { name: LONG } })
  for (let n = 0; n < 110; n++) await tell(db, team)
  await page.reload()
  await bell(page).click()
  await shoot("bell-long")
  await signInAs(team.member)
  await page.goto(`/${team.slug}/settings/notifications`)
  await shoot("preferences-member")
  await expect.poll(() => db.outboxMail.count({ where: { recipient: team.owner.email } })).toBeGreaterThan(5)
  const mail = await db.outboxMail.findFirst({
    where: { recipient: team.owner.email, bodyText: { contains: "unsubscribe" } },
  })
  await page.goto(/(\S+\/api\/unsubscribe\?token=\S+)/.exec(mail?.bodyText ?? "")?.[1] ?? "")
  await shoot("unsubscribe")
  await page.getByRole("button", { name: "Stop these emails" }).click()
  await shoot("unsubscribe-done")
  await page.goto("/outbox")
  await shoot("outbox")
})
