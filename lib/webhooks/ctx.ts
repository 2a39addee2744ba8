import type { Db, Tx } from "@/lib/db/client"
import { requirePermission } from "@/lib/teams/require-permission"

export type WebhookCtx = { db: Db; now: Date; team: { id: string }; actor: { memberId: string } }

/** Runs work in a transaction, for people who may manage webhooks. */
export function asManager<T>({ db, team, actor }: WebhookCtx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "webhooks:manage")
    return work(tx)
  })
}
