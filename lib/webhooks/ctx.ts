import type { MemberActor } from "@/lib/audit/actor"
import { type AuditDeed, recordEvent } from "@/lib/audit/record-event"
import type { Db, Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { requirePermission } from "@/lib/teams/require-permission"

export type WebhookCtx = { db: Db; now: Date; team: { id: string }; actor: MemberActor }

/** Runs work in a transaction, for people who may manage webhooks. */
export function asManager<T>({ db, team, actor }: WebhookCtx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "webhooks:manage")
    return work(tx)
  })
}

type Deed = Pick<AuditDeed, "kind" | "before" | "after">

/** Writes in the audit log what the person did to an endpoint. */
export async function recordDeed(
  tx: Tx,
  { team, actor, now }: WebhookCtx,
  endpoint: { id: string; url: string },
  deed: Deed,
): Promise<void> {
  const subject = { kind: "webhook" as const, id: toPublicId("whe", endpoint.id), name: endpoint.url }
  await recordEvent(tx, { teamId: team.id, actor, subject, ...deed }, now)
}
