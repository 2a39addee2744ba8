import { recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { ConflictError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { getPoolInWords } from "@/lib/pools/queries"
import { transferCredits } from "@/lib/transfers/transfer-credits"
import type { CreditRequestCtx } from "./ctx"
import type { MoveInput } from "./schema"
import { lockConcerned } from "./store"

/**
 * Moves bought credits from one pool of the team to another that somebody draws from. The Owner only. The same
 * `requestKey` moves them once. Throws `ConflictError` if the pool has less to move.
 */
export async function moveCredits(ctx: CreditRequestCtx, move: MoveInput): Promise<{ movedNanos: bigint }> {
  const { db, now, team, actor } = ctx
  const { fromPoolId, to, amountNanos, requestKey } = move
  return db.$transaction(async (tx) => {
    const toPoolId = to.kind === "pool" ? to.poolId : await findPoolOf(tx, team.id, to.email)
    const holders = await findHolders(tx, team.id, [fromPoolId, toPoolId])
    const others = [...holders.values()].flatMap((memberId) => memberId ?? [])
    const who = { teamId: team.id, memberId: actor.memberId, others }
    const { present, sharesPool } = await lockConcerned(tx, { ...who, permission: "credits:transfer" })
    const toHolder = holders.get(toPoolId)
    if (!holders.has(fromPoolId) || toHolder === undefined) throw new NotFoundError()
    if (fromPoolId === toPoolId) throw new InvalidInputError("Choose another pool.", "to")
    if (await isMade(tx, team.id, { ...move, toPoolId })) return { movedNanos: amountNanos }
    // On Enterprise everybody draws from the team's pool, on other plans from their own.
    const isUsed = toHolder === null ? sharesPool : !sharesPool && present.has(toHolder)
    if (!isUsed) throw new InvalidInputError("Nobody draws from this pool. Choose another.", "to")
    await transferCredits(
      tx,
      {
        teamId: team.id,
        id: requestKey,
        fromPoolId,
        toPoolId,
        amountNanos,
        reason: "by_owner",
        madeByMemberId: actor.memberId,
      },
      now,
    ).catch((error: unknown) => {
      throw error instanceof ConflictError ? new ConflictError(error.title, "amount") : error
    })
    const name = await getPoolInWords(tx, team.id, toPoolId)
    const after = {
      amount: toDecimalString(amountNanos),
      from: await getPoolInWords(tx, team.id, fromPoolId),
    }
    const subject = { kind: "pool" as const, id: toPublicId("pool", toPoolId), name }
    await recordEvent(tx, { teamId: team.id, actor, kind: "credits.moved", subject, after }, now)
    return { movedNanos: amountNanos }
  })
}

/** Returns the pools' holders by pool id, null for the one that a team shares. Other teams' pools are missing. */
async function findHolders(tx: Tx, teamId: string, ids: string[]): Promise<Map<string, string | null>> {
  const pools = await tx.pool.findMany({
    where: { teamId, id: { in: ids } },
    select: { id: true, memberId: true },
  })
  return new Map(pools.map(({ id, memberId }) => [id, memberId]))
}

async function findPoolOf(tx: Tx, teamId: string, email: string): Promise<string> {
  const [pool] = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM users u JOIN members m ON m.team_id = ${teamId}::uuid AND m.user_id = u.id AND m.removed_at IS NULL
    JOIN pools p ON p.team_id = m.team_id AND p.member_id = m.id WHERE u.email = ${email}`
  if (!pool) throw new InvalidInputError("No member of your team with a pool has this address.", "to")
  return pool.id
}

async function isMade(
  tx: Tx,
  teamId: string,
  { requestKey, fromPoolId, toPoolId, amountNanos }: Omit<MoveInput, "to"> & { toPoolId: string },
): Promise<boolean> {
  const made = await tx.transfer.findUnique({ where: { teamId_id: { teamId, id: requestKey } } })
  if (!made) return false
  const isSame =
    made.fromPoolId === fromPoolId && made.toPoolId === toPoolId && made.amountNanos === amountNanos
  if (!isSame) throw new ConflictError("Other credits were moved by this form already. Reload the page.")
  return true
}
