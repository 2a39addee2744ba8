import { timingSafeEqual } from "node:crypto"
import { recordEvent } from "@/lib/audit/record-event"
import { sign } from "@/lib/auth/sign"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError, ForbiddenError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { enqueueJob } from "@/lib/queue/enqueue"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import type { MemberCtx } from "./ctx"
import { lockOther } from "./lock-other"
import { findOpenOffer } from "./store"
import { subjectOf } from "./subject-of"

/** The time to confirm an offer by the mailed link, and then to accept it. */
export const CONFIRM_MS = HOUR_MS
export const ACCEPT_MS = 7 * DAY_MS

const OFFER_GONE = "This offer no longer stands. Look at the members, and make another if you still want to."

/** Returns our proof, for the mailed link, that the Owner reads the Owner’s mail. */
export function offerToken({ teamId, id }: { teamId: string; id: string }): string {
  return sign("ownership", `${teamId}.${id}`)
}

/**
 * Begins to hand the team over to a member, for the Owner, who is mailed a link to confirm it. Another offer of the team
 * ends. Nothing changes until it is confirmed and accepted.
 */
export async function offerOwnership(ctx: MemberCtx, { memberId }: { memberId: string }): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    const { member } = await lockOther(tx, ctx, { memberId, permission: "ownership:transfer" })
    await endOffers(tx, { teamId: team.id }, now)
    const id = newId()
    await tx.ownershipOffer.create({
      data: {
        teamId: team.id,
        id,
        fromMemberId: actor.memberId,
        toMemberId: memberId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + CONFIRM_MS),
      },
    })
    await enqueueMail(tx, { teamId: team.id, offerId: id, to: "owner" })
    const subject = await subjectOf(tx, member)
    await recordEvent(tx, { teamId: team.id, actor, kind: "ownership.offered", subject }, now)
    await announce(queryIn(tx), team.id)
  })
}

/** Confirms an offer by the mailed link, for the Owner. The member is mailed and may accept it within seven days. */
export async function confirmOffer(
  ctx: MemberCtx,
  { offerId, token }: { offerId: string; token: string },
): Promise<void> {
  const { db, now, team, actor } = ctx
  if (!isToken({ teamId: team.id, id: offerId }, token))
    throw new ForbiddenError("Open the link in the email.")
  await db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const offer = await findOpenOffer(tx, team.id)
    const stands = offer?.id === offerId && offer.fromMemberId === actor.memberId && offer.expiresAt > now
    if (!offer || !stands) throw new ConflictError(OFFER_GONE)
    if (offer.confirmedAt) return
    await tx.ownershipOffer.update({
      where: { teamId_id: { teamId: team.id, id: offerId } },
      data: { confirmedAt: now, expiresAt: new Date(now.getTime() + ACCEPT_MS) },
    })
    await enqueueMail(tx, { teamId: team.id, offerId, to: "member" })
    const { userId } = await tx.member.findUniqueOrThrow({
      where: { teamId_id: { teamId: team.id, id: offer.toMemberId } },
      select: { userId: true },
    })
    const subject = await subjectOf(tx, { id: offer.toMemberId, userId })
    await recordEvent(tx, { teamId: team.id, actor, kind: "ownership.offer_confirmed", subject }, now)
    await announce(queryIn(tx), team.id)
  })
}

/** Takes the team's open offer back, for the Owner. Without one nothing changes. */
export async function withdrawOffer(ctx: MemberCtx): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const count = await endOffers(tx, { teamId: team.id }, now)
    if (count === 0) return
    await recordEvent(tx, { teamId: team.id, actor, kind: "ownership.offer_withdrawn" }, now)
    await announce(queryIn(tx), team.id)
  })
}

/** Ends the team's open offer, or the one to a member, under the team's lock. Returns how many it ended. */
export async function endOffers(
  tx: Tx,
  which: { teamId: string; toMemberId?: string },
  now: Date,
): Promise<number> {
  const { count } = await tx.ownershipOffer.updateMany({
    where: { ...which, acceptedAt: null, endedAt: null },
    data: { endedAt: now },
  })
  return count
}

async function begin(tx: Tx, { team, actor }: MemberCtx): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "ownership:transfer")
  await lockTeam(tx, team.id)
}

async function enqueueMail(
  tx: Tx,
  payload: { teamId: string; offerId: string; to: "owner" | "member" },
): Promise<void> {
  await enqueueJob(tx, "mail-ownership-offer", payload, {
    key: `mail-ownership:${payload.offerId}:${payload.to}`,
  })
}

function isToken(offer: { teamId: string; id: string }, token: string): boolean {
  const [expected, given] = [Buffer.from(offerToken(offer)), Buffer.from(token)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
