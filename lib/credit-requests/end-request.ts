import type { Tx } from "@/lib/db/client"
import { NotFoundError } from "@/lib/errors"
import type { CreditRequestCtx } from "./ctx"
import { recordRequest } from "./record-request"
import { findOpen, findRequest, lockConcerned, requireOpen, type StoredRequest } from "./store"

/**
 * Withdraws one's own open request. Withdrawing it again changes nothing. Throws `ConflictError` if it was answered
 * meanwhile, and `NotFoundError` for anybody else's.
 */
export async function withdrawRequest(
  ctx: CreditRequestCtx,
  { requestId }: { requestId: string },
): Promise<void> {
  const { team, actor } = ctx
  await ctx.db.$transaction(async (tx) => {
    const who = { teamId: team.id, memberId: actor.memberId, others: [] }
    // Also by somebody who has become an Admin since.
    await lockConcerned(tx, { ...who, permission: "own-balance:view" })
    const request = await findRequest(tx, team.id, requestId)
    if (request.memberId !== actor.memberId) throw new NotFoundError()
    if (request.status === "withdrawn") return
    await requireOpen(tx, team.id, request)
    await withdraw(tx, ctx, request)
  })
}

/** Ends the open request of a member who leaves, in the transaction that ends their membership. The team is locked. */
export async function endRequestOf(tx: Tx, ctx: CreditRequestCtx, memberId: string): Promise<void> {
  const open = await findOpen(tx, ctx.team.id, memberId)
  if (open) await withdraw(tx, ctx, open)
}

async function withdraw(tx: Tx, ctx: CreditRequestCtx, request: StoredRequest): Promise<void> {
  await tx.creditRequest.update({
    where: { teamId_id: { teamId: ctx.team.id, id: request.id } },
    data: { status: "withdrawn", endedAt: ctx.now },
  })
  await recordRequest(tx, ctx, { kind: "credit_request.withdrawn", request })
}
