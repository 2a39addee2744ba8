import type { AuditDeed } from "@/lib/audit/record-event"
import { recordEvent } from "@/lib/audit/record-event"
import { LONG, test } from "./pages/shoot"

test("the audit log: none, many kinds, filtered, none that match", async ({
  page,
  db,
  team,
  signInAs,
  shoot,
}) => {
  await db.team.update({ where: { id: team.id }, data: { name: "Fabrikam" } })
  await db.user.update({ where: { id: team.owner.userId }, data: { name: "Ada Marlow" } })
  await db.user.update({ where: { id: team.admin.userId }, data: { name: LONG } })
  const path = `/${team.slug}/settings/audit-log`
  await signInAs(team.owner)
  await page.goto(path)
  await shoot("audit-none")
  const [owner, admin] = [team.owner, team.admin].map((each) => ({ ...each, address: "203.0.113.7" }))
  if (!owner || !admin) throw new Error("There are two people")
  const remote = { ...admin, address: "2001:db8:85a3:8d3:1319:8a2e:370:7348" }
  const deeds: Omit<AuditDeed, "teamId">[] = [
    {
      actor: owner,
      kind: "team.created",
      subject: { kind: "team", id: "1", name: "Fabrikam" },
      after: { slug: "fabrikam" },
    },
    {
      actor: admin,
      kind: "api_key.created",
      subject: { kind: "api_key", id: "1", name: LONG },
      after: { scopes: ["usage:write", "balance:read"] },
    },
    {
      actor: owner,
      kind: "auto_top_up.changed",
      subject: { kind: "pool", id: "1", name: "Ada Marlow’s pool" },
      before: { enabled: false, threshold: "10.00", amount: "50.00" },
      after: { enabled: true, threshold: "25.00", amount: "100.00" },
    },
    { actor: owner, kind: "spend_cap.changed", before: { cap: "200.00" }, after: { cap: null } },
    {
      actor: remote,
      kind: "webhook.events_changed",
      subject: { kind: "webhook", id: "1", name: `https://hooks.example.com/${"long/".repeat(30)}` },
      before: { events: ["credit_balance_low"] },
      after: { events: ["credit_balance_low", "credit_balance_depleted", "credit_auto_recharge_triggered"] },
    },
    {
      actor: { kind: "system" },
      kind: "plan.changed",
      subject: { kind: "plan", id: "max", name: "Max" },
      before: { plan: "build" },
      after: { plan: "max" },
    },
    {
      actor: { ...owner, address: "unknown" },
      kind: "purchase.started",
      subject: { kind: "purchase", id: "1", name: "$1,000.00 of credits" },
      after: { amount: "1000.00" },
    },
  ]
  for (const [index, deed] of deeds.entries())
    await recordEvent(
      db,
      { teamId: team.id, ...deed },
      new Date(Date.now() - (deeds.length - index) ** 4 * 200_000),
    )
  await page.reload()
  await shoot("audit-some")
  await page.goto(`${path}?kind=billing&from=2020-01-01`)
  await shoot("audit-filtered")
  await page.goto(`${path}?kind=members&from=2020-01-02&to=2020-01-01`)
  await shoot("audit-no-match")
})
