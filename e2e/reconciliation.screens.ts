import type { TestTeam } from "@/dev/testing/teams"
import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { expect } from "./fixtures"
import { test } from "./pages/shoot"

type Run = {
  status?: "waiting" | "finished" | "failed"
  minutesAgo?: number
  counted?: number
  repaired?: number
}

async function addRun(db: Db, team: TestTeam, run: Run): Promise<void> {
  const { status = "finished", minutesAgo = 12, counted = 128, repaired = 0 } = run
  const at = new Date(Date.now() - minutesAgo * 60_000)
  const id = newId()
  const figures = { counted, matched: counted - repaired, repaired, differences: 0 }
  await db.reconciliationRun.create({
    data: {
      id,
      teamId: team.id,
      trigger: "manual",
      status,
      requestedAt: at,
      since: new Date(at.getTime() - 90 * 86_400_000),
      ...(status !== "waiting" && { finishedAt: at, startedAt: at }),
      ...(status === "failed" && { failure: "Stripe can’t be reached." }),
      ...figures,
    },
  })
  if (status === "finished")
    await db.reconciliationResult.create({ data: { teamId: team.id, runId: id, ...figures } })
}

async function addDifference(db: Db, team: TestTeam, kind: string, more: object): Promise<void> {
  await db.reconciliationDifference.create({
    data: {
      teamId: team.id,
      kind,
      objectId: `pi_3Q${newId().replaceAll("-", "").slice(0, 22)}`,
      lastRunId: newId(),
      firstSeenAt: new Date(),
      ...more,
    },
  })
}

test("reconciliation", async ({ page, db, team, reconciliationPath, signInAs, shoot }) => {
  // The hourly check of the whole account may have run meanwhile, but these pictures are of the team's own.
  await db.reconciliationRun.deleteMany({ where: { teamId: null } })
  await signInAs(team.owner)
  const open = async (name: string) => {
    await page.goto(reconciliationPath)
    await expect(page.getByRole("region", { name: "Reconciliation" })).toBeVisible()
    await shoot(`reconciliation-${name}`)
  }
  await open("never")
  await addRun(db, team, { minutesAgo: 4_000 })
  await open("long-ago")
  await addRun(db, team, {})
  await open("clean")
  await addRun(db, team, { minutesAgo: 5, status: "failed" })
  await open("failed")
  await addRun(db, team, { minutesAgo: 3, counted: 10_000, repaired: 3 })
  await open("repaired")
  await addDifference(db, team, "payment_amount_differs", {
    stripeMinor: 2500n,
    currency: "usd",
    ledgerNanos: 20n * NANOS_PER_USD,
  })
  await addDifference(db, team, "payment_not_credited", { stripeMinor: 3800n, currency: "jpy" })
  await addDifference(db, team, "payment_unknown_at_stripe", { ledgerNanos: 9_999_999n * NANOS_PER_USD })
  await db.stripeCustomer.create({ data: { id: `cus_${team.slug}`, teamId: team.id } })
  await db.stripeEvent.create({
    data: {
      id: `evt_${team.slug}`,
      type: "payment_intent.succeeded",
      objectId: "pi_1",
      subjectId: "pi_1",
      status: "failed",
      customerId: `cus_${team.slug}`,
      createdAt: new Date(),
    },
  })
  await open("differences")
  await addRun(db, team, { minutesAgo: 0, status: "waiting" })
  await open("under-way")
})
