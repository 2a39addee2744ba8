import type { MemberActor } from "@/lib/audit/actor"
import type { Db } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"

export type LimitCtx = { db: Db; now: Date; team: { id: string; plan: Plan }; actor: MemberActor }
