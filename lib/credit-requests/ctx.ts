import type { MemberActor } from "@/lib/audit/actor"
import type { Db } from "@/lib/db/client"

export type CreditRequestCtx = { db: Db; now: Date; team: { id: string }; actor: MemberActor }
