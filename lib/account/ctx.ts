import type { CurrentUser } from "@/lib/auth/session"
import type { Db } from "@/lib/db/client"

/** A person who acts on their own account, from which address. */
export type PersonCtx = { db: Db; now: Date; user: CurrentUser; address: string }
