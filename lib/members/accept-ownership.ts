import { recordEvent } from "@/lib/audit/record-event"
import { queryIn } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import { announce } from "@/lib/live/announce"
import { lockTeam } from "@/lib/teams/lock-team"
import type { MemberCtx } from "./ctx"
import { enqueueMembershipMail } from "./mail-membership-change"
import { endOffers } from "./offer-ownership"
import { findOpenOffer, lockMembers } from "./store"
import { subjectOf } from "./subject-of"

const OFFER_GONE = "Ownership is no longer offered to you."

/**
 * Makes the member whom the Owner offered it the Owner, and the former one an Admin, in one transaction: the team has
 * one Owner before and after. The plan stays; API keys and schedules draw from the new Owner's pool with the next request.
 * The former Owner is mailed.
 * Throws `ConflictError` unless a confirmed offer to this member stands.
 */
export async function acceptOwnership(ctx: MemberCtx): Promise<void> {
  const { db, now, team, actor } = ctx
  await db.$transaction(async (tx) => {
    const first = await findOpenOffer(tx, team.id)
    if (first?.toMemberId !== actor.memberId) throw new ConflictError(OFFER_GONE)
    const both = [first.fromMemberId, first.toMemberId]
    const members = await lockMembers(tx, { teamId: team.id, memberIds: both })
    await lockTeam(tx, team.id)
    const offer = await findOpenOffer(tx, team.id)
    const [owner, member] = both.map((id) => members.get(id))
    const stands = offer?.id === first.id && offer.confirmedAt !== null && offer.expiresAt > now
    if (!stands || owner?.role !== "OWNER" || owner.removedAt || !member || member.removedAt)
      throw new ConflictError(OFFER_GONE)
    const idOf = (id: string) => ({ teamId_id: { teamId: team.id, id } })
    // In this order, because an index holds that there is one Owner at most, at every moment.
    await tx.member.update({ where: idOf(owner.id), data: { role: "ADMIN" } })
    await tx.member.update({ where: idOf(member.id), data: { role: "OWNER" } })
    await tx.ownershipOffer.update({ where: idOf(offer.id), data: { acceptedAt: now } })
    const subject = await subjectOf(tx, owner)
    const change = { before: { role: member.role }, after: { role: "OWNER" } }
    const deed = { teamId: team.id, actor, kind: "ownership.accepted" as const, subject, ...change }
    await enqueueMembershipMail(tx, { teamId: team.id, eventId: await recordEvent(tx, deed, now) })
    await announce(queryIn(tx), team.id)
  })
}

/** Declines the offer to the member who asks. Without one nothing changes. */
export async function declineOwnership({ db, now, team, actor }: MemberCtx): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockMembers(tx, { teamId: team.id, memberIds: [actor.memberId] })
    await lockTeam(tx, team.id)
    const count = await endOffers(tx, { teamId: team.id, toMemberId: actor.memberId }, now)
    if (count === 0) return
    await recordEvent(tx, { teamId: team.id, actor, kind: "ownership.declined" }, now)
    await announce(queryIn(tx), team.id)
  })
}
