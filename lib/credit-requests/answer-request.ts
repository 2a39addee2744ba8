import type { Tx } from "@/lib/db/client"
import { ConflictError, ForbiddenError } from "@/lib/errors"
import { toDecimalString } from "@/lib/money/usd"
import { transferCredits } from "@/lib/transfers/transfer-credits"
import type { CreditRequestCtx } from "./ctx"
import { poolOf, recordRequest, tellAnswered } from "./record-request"
import { findRequest, lockConcerned, requireOpen, type StoredRequest } from "./store"

/**
 * Approves a Member's request with an amount, which may differ from what they asked for: bought credits go from the
 * pool of whoever approves to the Member's, once, in the same transaction. The same approval again changes nothing. Throws
 * `ConflictError` if the request has ended meanwhile, or if the pool has less to move.
 */
export async function approveRequest(
  ctx: CreditRequestCtx,
  { requestId, amountNanos }: { requestId: string; amountNanos: bigint },
): Promise<{ grantedNanos: bigint }> {
  const { db, now, team, actor } = ctx
  return db.$transaction(async (tx) => {
    const { request, sharesPool } = await lockAnswered(tx, ctx, requestId)
    const isRepeated =
      request.status === "approved" &&
      request.answeredByMemberId === actor.memberId &&
      request.grantedNanos === amountNanos
    if (isRepeated) return { grantedNanos: amountNanos }
    await requireOpen(tx, team.id, request)
    const [fromPoolId, toPoolId] = [
      await poolOf(tx, team.id, actor.memberId),
      await poolOf(tx, team.id, request.memberId),
    ]
    if (sharesPool || !fromPoolId || !toPoolId)
      throw new ConflictError("The whole team shares one pool by now, so there is nothing to move.")
    const { transferId } = await transferCredits(
      tx,
      {
        teamId: team.id,
        fromPoolId,
        toPoolId,
        amountNanos,
        reason: "request",
        madeByMemberId: actor.memberId,
      },
      now,
    ).catch((error: unknown) => {
      if (!(error instanceof ConflictError)) throw error
      throw new ConflictError(
        `${error.title.replace(/\.$/, "")} from your pool. Buy credits first, or approve less.`,
        "amount",
      )
    })
    await tx.creditRequest.update({
      where: { teamId_id: { teamId: team.id, id: requestId } },
      data: {
        status: "approved",
        endedAt: now,
        answeredByMemberId: actor.memberId,
        grantedNanos: amountNanos,
        transferId,
      },
    })
    const after = { asked: toDecimalString(request.amountNanos), granted: toDecimalString(amountNanos) }
    await recordRequest(tx, ctx, { kind: "credit_request.approved", request, after })
    await tellAnswered(tx, ctx, request, { grantedNanos: amountNanos, word: null })
    return { grantedNanos: amountNanos }
  })
}

/** Declines a Member's request, with a word to them if there is one. Throws `ConflictError` if it has ended meanwhile. */
export async function declineRequest(
  ctx: CreditRequestCtx,
  { requestId, word }: { requestId: string; word: string | null },
): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    const { request } = await lockAnswered(tx, ctx, requestId)
    if (request.status === "declined" && request.answeredByMemberId === actor.memberId) return
    await requireOpen(tx, team.id, request)
    await tx.creditRequest.update({
      where: { teamId_id: { teamId: team.id, id: requestId } },
      data: { status: "declined", endedAt: now, answeredByMemberId: actor.memberId, word },
    })
    const after = { asked: toDecimalString(request.amountNanos), ...(word === null ? {} : { word }) }
    await recordRequest(tx, ctx, { kind: "credit_request.declined", request, after })
    await tellAnswered(tx, ctx, request, { grantedNanos: null, word })
  })
}

/** Locks who answers, who asked, and the team, and returns the request as it is then. */
async function lockAnswered(
  tx: Tx,
  { team, actor }: CreditRequestCtx,
  requestId: string,
): Promise<{ request: StoredRequest; sharesPool: boolean }> {
  // Who asked never changes.
  const { memberId } = await findRequest(tx, team.id, requestId)
  const who = { teamId: team.id, memberId: actor.memberId, others: [memberId] }
  const { present, sharesPool } = await lockConcerned(tx, { ...who, permission: "credit-requests:answer" })
  if (memberId === actor.memberId)
    throw new ForbiddenError("Somebody else has to answer what you asked for. You can withdraw it.")
  if (!present.has(memberId)) throw new ConflictError("They have left the team.")
  return { request: await findRequest(tx, team.id, requestId), sharesPool }
}
