import { recordEvent } from "@/lib/audit/record-event"
import { DAY_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { getPoolInWords } from "@/lib/pools/queries"
import { type AskedChange, changeJson } from "./asked-change"
import type { AutoTopUpCtx } from "./ctx"
import { tellAsked } from "./tell-approval"

const LIFE_MS = 7 * DAY_MS

const ANOTHER_WAITS = "Another change waits for approval. Approve or decline it first."

/**
 * Keeps a change until a second Owner or Admin answers it, for seven days, under the team's lock, and tells them. A person's later
 * one takes the place of their own; while somebody else's waits, it throws `ConflictError`.
 */
export async function askApproval(tx: Tx, ctx: AutoTopUpCtx, change: AskedChange): Promise<void> {
  const { team, actor, now } = ctx
  const teamId = team.id
  const waiting = await tx.approval.findFirst({ where: { teamId, poolId: change.poolId, status: "pending" } })
  if (waiting) {
    const isOver = waiting.expiresAt <= now
    if (!isOver && waiting.askedByMemberId !== actor.memberId) throw new ConflictError(ANOTHER_WAITS)
    await tx.approval.update({
      where: { teamId_id: { teamId, id: waiting.id } },
      data: { status: isOver ? "expired" : "withdrawn", answeredAt: now },
    })
  }
  const id = newId()
  const asked = {
    askedByMemberId: actor.memberId,
    askedAt: now,
    expiresAt: new Date(now.getTime() + LIFE_MS),
  }
  await tx.approval.create({ data: { teamId, id, ...change, ...asked } })
  const subject = await subjectOf(tx, teamId, { id, poolId: change.poolId })
  await recordEvent(
    tx,
    { teamId, actor, kind: "approval.requested", subject, after: changeJson(change) },
    now,
  )
  await tellAsked(tx, ctx, { id, ...asked }, change)
  await announce(queryIn(tx), teamId)
}

/** Names a change in the audit log: by the pool that it is about. */
export async function subjectOf(
  tx: Tx,
  teamId: string,
  { id, poolId }: { id: string; poolId: string | null },
) {
  const name = poolId ? `auto top-up of ${await getPoolInWords(tx, teamId, poolId)}` : "the approval rule"
  return { kind: "approval" as const, id: toPublicId("apv", id), name }
}
