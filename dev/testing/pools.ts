import type { Db } from "@/lib/db/client"
import { consume, credit } from "./ledger"
import { buy, fallIntoDebt } from "./money-back"
import type { TestMember, TestTeam } from "./teams"

/** Gives a pool credits without a payment. */
export async function giveCredits(
  db: Db,
  team: TestTeam,
  member: TestMember,
  amountNanos: bigint,
  occurredAt = new Date(),
): Promise<void> {
  const pool = { teamId: team.id, poolId: member.poolId }
  await credit(db, pool, amountNanos, { occurredAt, detail: "Welcome credits" })
}

/**
 * Puts a team on a plan without included credits. Otherwise a job gives a new pool some within a minute, in the
 * middle of a test, and they pay for its usage.
 */
export async function withoutIncluded(db: Db, team: TestTeam): Promise<void> {
  await db.team.update({ where: { id: team.id }, data: { plan: "free" } })
}

/** Draws usage from a pool. */
export async function spendCredits(
  db: Db,
  team: TestTeam,
  member: TestMember,
  amountNanos: bigint,
  occurredAt = new Date(),
): Promise<void> {
  const pool = { teamId: team.id, poolId: member.poolId }
  await consume(db, pool, amountNanos, { occurredAt })
}

/** Leaves a pool in debt, as a refund does after the credits were used. */
export async function putInDebt(
  db: Db,
  team: TestTeam,
  member: TestMember,
  debtNanos: bigint,
): Promise<void> {
  await fallIntoDebt(db, { teamId: team.id, poolId: member.poolId }, debtNanos)
}

export async function balanceOf(db: Db, team: TestTeam, member: TestMember): Promise<bigint> {
  const pool = await db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id: member.poolId } },
    select: { creditsNanos: true },
  })
  return pool.creditsNanos
}

/** Gives a pool credits as a payment does, without Stripe. */
export async function buyCredits(
  db: Db,
  team: TestTeam,
  member: TestMember,
  amountNanos: bigint,
): Promise<void> {
  await buy(db, { teamId: team.id, poolId: member.poolId }, amountNanos)
}
