import type { AutoTopUpCtx } from "@/lib/auto-top-up/ctx"
import { resumeTopUps, saveSettings } from "@/lib/auto-top-up/save-settings"
import { topUpPool } from "@/lib/auto-top-up/top-up-pool"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { makeDue } from "@/lib/top-up-settings/make-due"
import { consume, usd } from "./ledger"
import { addCard } from "./payment-methods"
import type { TestMember, TestTeam } from "./teams"

type StripeWorld = { db: Db; stripe: { url: string } }

/** The page's context for the team's Owner, unless told otherwise. */
export function topUpCtx(
  world: { db: Db },
  team: TestTeam,
  { actor = team.owner, now = new Date() }: { actor?: TestMember; now?: Date } = {},
): AutoTopUpCtx {
  return { db: world.db, now, team, actor }
}

type SaveInput = Parameters<typeof saveSettings>[1]
type ResumeInput = Parameters<typeof resumeTopUps>[1]

/**
 * The dialog's input for the Owner's pool: the saved settings, or $50.00 at or below $10.00, changed as given. The
 * person was told the charge, unless `agreedCharge` says otherwise.
 */
export async function saveInput(
  { db }: { db: Db },
  team: { id: string; owner: Pick<TestMember, "poolId"> },
  { capNanos, ...more }: Partial<SaveInput> & { capNanos?: bigint | null } = {},
): Promise<SaveInput> {
  const poolId = more.poolId ?? team.owner.poolId
  const [known, cap, method] = await Promise.all([
    db.autoTopUpSettings.findUnique({ where: { teamId_poolId: { teamId: team.id, poolId } } }),
    db.spendCap.findUniqueOrThrow({ where: { teamId: team.id }, select: { capNanos: true, version: true } }),
    db.paymentMethod.findFirst({ where: { teamId: team.id, isDefault: true } }),
  ])
  const amountNanos = more.amountNanos ?? known?.amountNanos ?? usd(50)
  return {
    poolId,
    version: known?.version ?? 0,
    enabled: known?.enabled ?? false,
    thresholdNanos: known?.thresholdNanos ?? usd(10),
    amountNanos,
    cap: { version: cap.version, capNanos: capNanos === undefined ? cap.capNanos : capNanos },
    agreedCharge: method && { amountNanos, paymentMethodId: method.id },
    ...more,
  }
}

/** Turns auto top-up on for the Owner's pool: $50.00 at or below $10.00 unless told otherwise. */
export async function enableTopUp(
  world: { db: Db },
  team: TestTeam,
  { threshold = 10, amount = 50, poolId = team.owner.poolId, now = new Date() } = {},
): Promise<void> {
  const amounts = { thresholdNanos: usd(threshold), amountNanos: usd(amount) }
  await saveSettings(
    topUpCtx(world, team, { now }),
    await saveInput(world, team, { poolId, enabled: true, ...amounts }),
  )
}

/** Resumes the Owner's pool, as a person who was told the charge, unless `agreedCharge` says otherwise. */
export async function resume(
  world: { db: Db },
  team: TestTeam,
  {
    actor = team.owner,
    now = new Date(),
    ...more
  }: Partial<ResumeInput> & { actor?: TestMember; now?: Date } = {},
) {
  const { poolId, agreedCharge } = await saveInput(world, team)
  return resumeTopUps(topUpCtx(world, team, { actor, now }), { poolId, agreedCharge, ...more })
}

/** Changes the team's cap and nothing else. */
export async function setCap(
  world: { db: Db },
  team: TestTeam,
  capNanos: bigint | null,
  { actor = team.owner, now = new Date() }: { actor?: TestMember; now?: Date } = {},
): Promise<void> {
  await saveSettings(topUpCtx(world, team, { actor, now }), await saveInput(world, team, { capNanos }))
}

/** Sets up a card and auto top-up for the Owner's pool. */
export async function prepareTopUp(world: StripeWorld, team: TestTeam, card = "pm_card_visa"): Promise<void> {
  await addCard(world, team, card)
  await enableTopUp(world, team)
}

/** Does what usage does that leaves a pool low: spends, and makes the pool due. */
export async function spendDown(
  { db }: { db: Db },
  pool: { teamId: string; poolId: string },
  nanos: bigint,
  now = new Date(),
): Promise<void> {
  await consume(db, pool, nanos)
  await makeDue(queryIn(db), pool, { cause: "usage" }, now)
}

/** Runs the Owner's pool's job. */
export function runTopUp(
  world: { db: Db },
  team: TestTeam,
  now = new Date(),
  poolId = team.owner.poolId,
): Promise<void> {
  return topUpPool({ db: world.db, now }, { teamId: team.id, poolId })
}

/** Lists the team's top-ups, oldest first. */
export function listTopUps({ db }: { db: Db }, team: TestTeam) {
  return db.purchase.findMany({
    where: { teamId: team.id, kind: "auto_top_up" },
    orderBy: { createdAt: "asc" },
  })
}

/** Lists the decisions about the team's pools, oldest first. */
export function listDecisions({ db }: { db: Db }, team: TestTeam) {
  return db.autoTopUpDecision.findMany({
    where: { teamId: team.id },
    orderBy: [{ decidedAt: "asc" }, { id: "asc" }],
  })
}
