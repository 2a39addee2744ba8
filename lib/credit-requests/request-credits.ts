import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { ConflictError, TooManyAttemptsError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import { takeOfEach } from "@/lib/rate-limits/take-of-each"
import type { CreditRequestCtx } from "./ctx"
import { recordRequest, tellAsked } from "./record-request"
import type { CreditsAskedFor } from "./schema"
import { findOpen, findRequest, lockConcerned, requireOpen, type StoredRequest } from "./store"

/** Requests and their changes in a day: enough to get an answer, too few to flood a mailbox. */
export const REQUEST_LIMITS = { user: 10, team: 500, address: 200 } as const

/**
 * Asks the team's Owner and Admins for credits, or changes what was asked. A Member has one open request at most: the
 * same once more changes nothing, another throws `ConflictError`, as does asking where everybody shares a pool. Throws
 * `TooManyAttemptsError` beyond the limits of a day. Owners and Admins are told of each version.
 */
export async function requestCredits(
  ctx: CreditRequestCtx,
  asked: CreditsAskedFor,
): Promise<{ requestId: string }> {
  const { db, team, actor } = ctx
  return db.$transaction(async (tx) => {
    const { sharesPool } = await lockConcerned(tx, {
      teamId: team.id,
      memberId: actor.memberId,
      permission: "credits:request",
      others: [],
    })
    if (sharesPool)
      throw new ConflictError("Your whole team shares one pool. Ask an Owner or Admin to add credits to it.")
    const open = await findOpen(tx, team.id, actor.memberId)
    if (asked.changes !== null && asked.changes !== open?.id)
      await requireOpen(tx, team.id, await findRequest(tx, team.id, asked.changes))
    if (open && open.amountNanos === asked.amountNanos && open.reason === asked.reason)
      return { requestId: toPublicId("creq", open.id) }
    if (open && asked.changes !== open.id)
      throw new ConflictError(
        `You have asked for ${formatUsd(open.amountNanos)} already. Change that request instead.`,
      )
    await takeTurn(tx, ctx)
    const request = open ? await change(tx, ctx, open, asked) : await create(tx, ctx, asked)
    return { requestId: toPublicId("creq", request.id) }
  })
}

async function takeTurn(tx: Tx, { now, team, actor }: CreditRequestCtx): Promise<void> {
  const shares = { name: "credit-request", limits: REQUEST_LIMITS, windowMs: DAY_MS }
  const asker = { userId: actor.userId, teamId: team.id, address: actor.address }
  await takeOfEach(tx, shares, asker, now).catch((error: unknown) => {
    if (!(error instanceof TooManyAttemptsError)) throw error
    throw new TooManyAttemptsError("You have asked as often as a day allows. Try again tomorrow.")
  })
}

async function create(
  tx: Tx,
  ctx: CreditRequestCtx,
  { amountNanos, reason }: CreditsAskedFor,
): Promise<{ id: string }> {
  const { now, team, actor } = ctx
  const request = { id: newId(), memberId: actor.memberId, amountNanos, reason, version: 1 }
  await tx.creditRequest.create({ data: { teamId: team.id, ...request, createdAt: now, changedAt: now } })
  await recordRequest(tx, ctx, { kind: "credit_request.made", request, after: { reason } })
  await tellAsked(tx, ctx, request)
  return request
}

async function change(
  tx: Tx,
  ctx: CreditRequestCtx,
  open: StoredRequest,
  { amountNanos, reason }: CreditsAskedFor,
): Promise<{ id: string }> {
  const { now, team } = ctx
  const request = { ...open, amountNanos, reason, version: open.version + 1 }
  await tx.creditRequest.update({
    where: { teamId_id: { teamId: team.id, id: open.id } },
    data: { amountNanos, reason, version: request.version, changedAt: now },
  })
  await recordRequest(tx, ctx, { kind: "credit_request.changed", request, before: open })
  await tellAsked(tx, ctx, request)
  return request
}
