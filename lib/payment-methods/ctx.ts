import type { MemberActor } from "@/lib/audit/actor"
import type { Db } from "@/lib/db/client"

export type PaymentMethodCtx = {
  db: Db
  now: Date
  team: { id: string; name: string }
  actor: MemberActor
}
