import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { enqueueJobBy } from "@/lib/queue/enqueue"

export type EndpointRef = { teamId: string; endpointId: string }

/**
 * Returns an endpoint of the team that isn't removed, locked until the transaction ends. Another team's is a
 * `NotFoundError`.
 */
export async function lockEndpoint(tx: Tx, ref: EndpointRef) {
  const endpoint = await lockIfThere(tx, ref)
  if (!endpoint) throw new NotFoundError()
  return endpoint
}

/** The same. Null if it was removed. */
export async function lockIfThere(tx: Tx, { teamId, endpointId }: EndpointRef) {
  await tx.$queryRaw`
    SELECT 1 FROM webhook_endpoints WHERE team_id = ${teamId}::uuid AND id = ${endpointId}::uuid FOR UPDATE`
  return findEndpoint(tx, { teamId, endpointId })
}

export function findEndpoint(db: Db | Tx, { teamId, endpointId }: EndpointRef) {
  return db.webhookEndpoint.findFirst({ where: { teamId, id: endpointId, deletedAt: null } })
}

/**
 * Schedules an endpoint's due deliveries, in the transaction of whatever made them due: at `runAt` if given, else
 * now.
 */
export async function enqueueDelivery(tx: Tx, ref: EndpointRef, runAt?: Date): Promise<void> {
  const { teamId, endpointId } = ref
  // A later look must not replace one that is due now.
  const key = runAt ? `deliver-webhooks:${endpointId}:later` : `deliver-webhooks:${endpointId}`
  const payload = { teamId, endpointId }
  await enqueueJobBy(queryIn(tx), "deliver-webhooks", payload, { key, ...(runAt ? { runAt } : {}) })
}

/**
 * Cancels what waits for an endpoint that no longer gets anything. It stays in the log, and can be sent again by
 * hand.
 */
export async function cancelWaiting(tx: Tx, { teamId, endpointId }: EndpointRef, now: Date): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { teamId, endpointId, status: "waiting" },
    data: { status: "cancelled", settledAt: now },
  })
}
