import { clock } from "@/lib/clock"
import { type Db, db } from "@/lib/db/client"

/** The world of a page or an action: the database and the time of this request. */
export function pageCtx(): { db: Db; now: Date } {
  return { db: db(), now: clock.now() }
}
