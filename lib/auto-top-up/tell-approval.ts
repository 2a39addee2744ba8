import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { raise } from "@/lib/notifications/raise"
import type { NotificationData } from "@/lib/notifications/types"
import { getMemberName } from "@/lib/teams/names"
import { type AskedChange, changeJson } from "./asked-change"
import type { AutoTopUpCtx } from "./ctx"

type Asked = { id: string; askedByMemberId: string; expiresAt: Date }

/** Tells the other Owners and Admins that a change waits for one of them, in the transaction that asks for it. */
export async function tellAsked(
  tx: Tx,
  { team, now }: AutoTopUpCtx,
  asked: Asked,
  change: AskedChange,
): Promise<void> {
  const data = {
    ...dataOf(asked, change),
    name: await getMemberName(tx, team.id, asked.askedByMemberId),
    expires_at: asked.expiresAt.toISOString(),
  }
  await raise(queryIn(tx), { ...noticeOf(team.id, asked, change), type: "approval_requested", data }, now)
}

/** Tells the person who asked for a change what became of it, in the transaction of the answer. */
export async function tellAnswered(
  tx: Tx,
  { team, actor, now }: AutoTopUpCtx,
  asked: Asked,
  { change, answer }: { change: AskedChange; answer: NotificationData["approval_answered"]["answer"] },
): Promise<void> {
  const data = {
    ...dataOf(asked, change),
    answer,
    answered_by: await getMemberName(tx, team.id, actor.memberId),
  }
  await raise(queryIn(tx), { ...noticeOf(team.id, asked, change), type: "approval_answered", data }, now)
}

function noticeOf(teamId: string, { id, askedByMemberId }: Asked, { poolId }: AskedChange) {
  return { teamId, poolId, memberId: askedByMemberId, cause: id }
}

function dataOf({ id, askedByMemberId }: Asked, change: AskedChange) {
  return {
    approval_id: toPublicId("apv", id),
    member_id: toPublicId("member", askedByMemberId),
    change: changeJson(change),
  }
}
