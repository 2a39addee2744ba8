import type { AuditKind } from "@/lib/audit/kinds"
import { type AuditDeed, recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { formatUsd, toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { getMemberName } from "@/lib/teams/names"
import type { CreditRequestCtx } from "./ctx"

type Request = { id: string; memberId: string; amountNanos: bigint; reason: string; version: number }

type Recorded = {
  kind: Extract<AuditKind, `credit_request.${string}`>
  request: Request
  /** The request before its change. */
  before?: { amountNanos: bigint; reason: string }
  after?: AuditDeed["after"]
}

/** Enters into the audit log what happened to a request. Its name there is the amount, and whose it is where somebody answers. */
export async function recordRequest(
  tx: Tx,
  { now, team, actor }: CreditRequestCtx,
  { kind, request, before, after }: Recorded,
): Promise<void> {
  const name =
    request.memberId === actor.memberId
      ? formatUsd(request.amountNanos)
      : await getMemberName(tx, team.id, request.memberId)
  const subject = { kind: "credit_request" as const, id: toPublicId("creq", request.id), name }
  const values = before && { before: valuesOf(before), after: valuesOf(request) }
  await recordEvent(
    tx,
    { teamId: team.id, actor, kind, subject, ...(values ?? {}), ...(after ? { after } : {}) },
    now,
  )
  await announce(queryIn(tx), team.id)
}

const valuesOf = ({ amountNanos, reason }: { amountNanos: bigint; reason: string }) => ({
  amount: toDecimalString(amountNanos),
  reason,
})

/** Tells Owners and Admins what a Member asks for. */
export async function tellAsked(
  tx: Tx,
  { now, team }: CreditRequestCtx,
  { id, memberId, amountNanos, reason, version }: Request,
): Promise<void> {
  const data = {
    request_id: toPublicId("creq", id),
    member_id: toPublicId("member", memberId),
    name: await getMemberName(tx, team.id, memberId),
    amount: toDecimalString(amountNanos),
    reason,
    is_changed: version > 1,
  }
  const poolId = await poolOf(tx, team.id, memberId)
  const notice = { teamId: team.id, poolId, type: "credit_requested" as const, cause: `${id}:${version}` }
  await raise(queryIn(tx), { ...notice, data }, now)
}

/** Tells the Member who asked what the answer is. `grantedNanos` is null where it was declined. */
export async function tellAnswered(
  tx: Tx,
  { now, team, actor }: CreditRequestCtx,
  request: Request,
  { grantedNanos, word }: { grantedNanos: bigint | null; word: string | null },
): Promise<void> {
  const data = {
    request_id: toPublicId("creq", request.id),
    member_id: toPublicId("member", request.memberId),
    answer: grantedNanos === null ? ("declined" as const) : ("approved" as const),
    asked: toDecimalString(request.amountNanos),
    granted: grantedNanos === null ? null : toDecimalString(grantedNanos),
    word,
    answered_by: await getMemberName(tx, team.id, actor.memberId),
  }
  const poolId = await poolOf(tx, team.id, request.memberId)
  const notice = {
    teamId: team.id,
    poolId,
    type: "credit_request_answered" as const,
    cause: request.id,
    actorMemberId: actor.memberId,
  }
  await raise(queryIn(tx), { ...notice, data }, now)
}

/** Returns a member's own pool. Null if they have none. */
export async function poolOf(tx: Tx, teamId: string, memberId: string): Promise<string | null> {
  const pool = await tx.pool.findUnique({
    where: { teamId_memberId: { teamId, memberId } },
    select: { id: true },
  })
  return pool?.id ?? null
}
