import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { postCredit } from "@/lib/ledger/post"
import { consume, credit } from "./ledger"
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

/** Takes everything back that a pool holds and more, as a refund does after the credits were used. */
export async function putInDebt(
  db: Db,
  team: TestTeam,
  member: TestMember,
  debtNanos: bigint,
): Promise<void> {
  const { id: teamId } = team
  const { poolId } = member
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL ledger.writer = 'test'`
    await tx.$executeRaw`
      INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
      SELECT team_id, no, last_seq + 1, 'credits', 'refund', -(credits_nanos + ${debtNanos}), ${-debtNanos}, uuidv7()
      FROM pools WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid`
    await tx.$executeRaw`
      UPDATE pools SET debt_nanos = ${debtNanos}, credits_nanos = ${-debtNanos}, last_seq = last_seq + 1, revision = revision + 1
      WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid`
    await tx.$executeRaw`
      UPDATE grants SET remaining_nanos = 0, is_open = false
      WHERE team_id = ${teamId}::uuid AND pool_id = ${poolId}::uuid AND kind <> 'included'`
  })
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
  const [id, now] = [newId(), new Date()]
  const pool = { teamId: team.id, poolId: member.poolId }
  await db.$transaction(async (tx) => {
    await tx.purchase.create({
      data: {
        ...pool,
        id,
        kind: "one_time",
        status: "succeeded",
        amountNanos,
        capturedNanos: amountNanos,
        requestedByMemberId: member.memberId,
        requestKey: id,
        paymentIntentId: `pi_test_${id}`,
        expiresAt: now,
        settledAt: now,
      },
    })
    await postCredit(tx, { ...pool, source: "purchase", amountNanos, causeId: id, occurredAt: now })
  })
}
