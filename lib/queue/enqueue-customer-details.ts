import type { Tx } from "@/lib/db/client"
import { enqueueJob } from "./enqueue"

/** Has the team's name and billing details sent to its customer at Stripe, as they are when the job runs. */
export async function enqueueCustomerDetails(tx: Tx, teamId: string, runAt?: Date): Promise<void> {
  await enqueueJob(tx, "send-customer-details", { teamId }, { key: `send-customer-details:${teamId}`, runAt })
}
