import { sendCustomerDetails } from "@/lib/customers/send-customer-details"
import type { Db } from "@/lib/db/client"

/** Does the worker's work of sending a team's details to Stripe, whenever it is due. Returns the number of jobs. */
export async function workCustomerDetails({ db }: { db: Db }, team: { id: string }): Promise<number> {
  const jobs = await db.$queryRaw<unknown[]>`
    DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier = 'send-customer-details' AND j.payload ->> 'teamId' = ${team.id}
    RETURNING 1`
  for (const _ of jobs) await sendCustomerDetails({ db, now: new Date() }, team.id)
  return jobs.length
}
