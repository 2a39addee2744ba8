import { recordEvent } from "@/lib/audit/record-event"
import { turnOffTopUps } from "@/lib/auto-top-up/turn-off"
import { endRequestOf } from "@/lib/credit-requests/end-request"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { toDecimalString } from "@/lib/money/usd"
import type { MemberCtx } from "./ctx"
import { enqueueMembershipMail } from "./mail-membership-change"
import { moveLeftCredits } from "./move-left-credits"
import { endOffers } from "./offer-ownership"
import type { StoredMember } from "./store"
import { subjectOf } from "./subject-of"

export type Ended = { movedNanos: bigint }

/**
 * Ends a membership whose row and team are locked: the person's next request is refused, their open pages close, and
 * their pool is topped up no more. `moves`: their bought credits go to the pool that pays for the team, now and whenever
 * a hold or a payment brings some back. Their API keys and endpoints are the team's and stay. Whoever was removed is
 * mailed; whoever leaves knows it.
 */
export async function endMembership(
  tx: Tx,
  ctx: MemberCtx,
  { member, moves }: { member: StoredMember; moves: boolean },
): Promise<Ended> {
  const { now, team, actor } = ctx
  await tx.member.update({
    where: { teamId_id: { teamId: team.id, id: member.id } },
    data: { removedAt: now, movesCredits: moves },
  })
  await endOffers(tx, { teamId: team.id, toMemberId: member.id }, now)
  await endRequestOf(tx, ctx, member.id)
  const pool = await tx.pool.findUnique({
    where: { teamId_memberId: { teamId: team.id, memberId: member.id } },
    select: { id: true },
  })
  if (pool) await turnOffTopUps(tx, ctx, pool.id)
  const movedNanos = moves
    ? await moveLeftCredits(tx, { teamId: team.id, memberId: member.id, byMemberId: actor.memberId }, now)
    : 0n
  const isOwn = member.id === actor.memberId
  const eventId = await recordEvent(
    tx,
    {
      teamId: team.id,
      actor,
      kind: isOwn ? "member.left" : "member.removed",
      subject: await subjectOf(tx, member),
      before: { role: member.role },
      after: { credits: moves ? "moved" : "kept", moved: toDecimalString(movedNanos) },
    },
    now,
  )
  if (!isOwn) await enqueueMembershipMail(tx, { teamId: team.id, eventId })
  await announce(queryIn(tx), team.id)
  return { movedNanos }
}
