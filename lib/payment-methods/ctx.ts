import type { Db } from "@/lib/db/client"

export type PaymentMethodCtx = {
  db: Db
  now: Date
  team: { id: string; name: string }
  actor: { memberId: string; userId: string; email: string; address: string }
}
