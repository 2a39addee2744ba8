import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { enqueueJobBy } from "@/lib/queue/enqueue"

export type EndpointRef = { teamId: string; endpointId: string }

/** An endpoint of the team that is not removed, locked until the transaction ends. Another team's is a `NotFoundError`. */
export async function lockEndpoint(tx: Tx, ref: EndpointRef) {
  const endpoint = await lockIfThere(tx, ref)
  if (!endpoint) throw new NotFoundError()
  return endpoint
}

/** The same; null if it was removed. */
export async function lockIfThere(tx: Tx, { teamId, endpointId }: EndpointRef) {
  await tx.$queryRaw`
    SELECT 1 FROM webhook_endpoints WHERE team_id = ${teamId}::uuid AND id = ${endpointId}::uuid FOR UPDATE`
  return findEndpoint(tx, { teamId, endpointId })
}

export function findEndpoint(db: Db | Tx, { teamId, endpointId }: EndpointRef) {
  return db.webhookEndpoint.findFirst({ where: { teamId, id: endpointId, deletedAt: null } })
}

/** Has what is due of an endpoint sent, in the transaction of whatever made it due. At `runAt`, if it is given, or now. */
export async function enqueueDelivery(tx: Tx, ref: EndpointRef, runAt?: Date): Promise<void> {
  const { teamId, endpointId } = ref
  // A later look must not replace one that is due now.
  const key = runAt ? `deliver-webhooks:${endpointId}:later` : `deliver-webhooks:${endpointId}`
  const payload = { teamId, endpointId }
  await enqueueJobBy(queryIn(tx), "deliver-webhooks", payload, { key, ...(runAt ? { runAt } : {}) })
}

type NewDelivery = { type: string; data: unknown; occurredAt: Date; notificationId: string | null }

/** Writes down what is to be sent to each of these endpoints, once for each notification, and has it sent. Answers the ids. */
export async function addDeliveries(
  tx: Tx,
  teamId: string,
  endpointIds: string[],
  { type, data, occurredAt, notificationId }: NewDelivery,
  now: Date,
): Promise<string[]> {
  const body = JSON.stringify({ type, timestamp: occurredAt.toISOString(), data })
  const rows = endpointIds.map((endpointId) => ({
    ...{ teamId, endpointId, notificationId, type, body },
    id: newId(),
    nextTryAt: now,
    createdAt: now,
  }))
  await tx.webhookDelivery.createMany({ data: rows, skipDuplicates: true })
  // In an order, so that two who enqueue the same ones never wait for each other in a circle.
  for (const endpointId of endpointIds.toSorted()) await enqueueDelivery(tx, { teamId, endpointId })
  return rows.map(({ id }) => id)
}

/** What waits for an endpoint that is sent to no more stays in its log, and can be sent again by hand. */
export async function cancelWaiting(tx: Tx, { teamId, endpointId }: EndpointRef, now: Date): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { teamId, endpointId, status: "waiting" },
    data: { status: "cancelled", settledAt: now },
  })
}
