import type { Tx } from "@/lib/db/client"
import { enqueueJob } from "@/lib/queue/enqueue"
import type { PurchaseRef } from "./find-purchase"

/** Schedules the purchase's settling at this time, whatever happens until then. A later call replaces the time. */
export function scheduleSettling(tx: Tx, ref: PurchaseRef, runAt: Date): Promise<void> {
  return enqueueJob(tx, "settle-purchase", ref, { key: `settle-purchase:${ref.purchaseId}`, runAt })
}
