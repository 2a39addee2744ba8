import type { Db } from "@/lib/db/client"

export type WebhookCtx = { db: Db; now: Date; team: { id: string }; actor: { memberId: string } }
