import type { Tx } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { enqueueDelivery } from "./store"

type NewDelivery = { type: string; data: unknown; occurredAt: Date; notificationId: string | null }

/** Records what each of these endpoints is to be sent, once for each notification, and has it sent. Returns the ids. */
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
  // In one order, so that two who enqueue the same ones never wait for each other in a circle.
  for (const endpointId of endpointIds.toSorted()) await enqueueDelivery(tx, { teamId, endpointId })
  return rows.map(({ id }) => id)
}
