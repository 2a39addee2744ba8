import { ConflictError, NotFoundError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { addDeliveries } from "./add-deliveries"
import { asManager, recordDeed, type WebhookCtx } from "./ctx"
import { takeWebhookAttempt } from "./limits"
import { enqueueDelivery, lockEndpoint } from "./store"

const DISABLED = "This endpoint is turned off. Turn it on first."

/** Sends an event that says that it is a test, and returns its id. */
export async function sendTest(ctx: WebhookCtx, { endpointId }: { endpointId: string }): Promise<string> {
  const { now, team } = ctx
  const ref = { teamId: team.id, endpointId }
  return asManager(ctx, async (tx) => {
    const endpoint = await lockEndpoint(tx, ref)
    if (endpoint.disabledReason) throw new ConflictError(DISABLED)
    await takeWebhookAttempt(tx, team.id, "send-by-hand", now)
    await recordDeed(tx, ctx, endpoint, { kind: "webhook.test_sent" })
    const data = { message: "This is a test. Nothing has happened." }
    const event = { type: "test", data, occurredAt: now, notificationId: null }
    const [id = ""] = await addDeliveries(tx, team.id, [endpointId], event, now)
    return toPublicId("msg", id)
  })
}

/** Sends an earlier event once more, with the same id and body, whatever its outcome was. */
export async function redeliver(ctx: WebhookCtx, { deliveryId }: { deliveryId: string }): Promise<void> {
  const { now, team } = ctx
  await asManager(ctx, async (tx) => {
    const where = { teamId_id: { teamId: team.id, id: deliveryId } }
    const delivery = await tx.webhookDelivery.findUnique({ where, select: { endpointId: true } })
    if (!delivery) throw new NotFoundError()
    const ref = { teamId: team.id, endpointId: delivery.endpointId }
    const endpoint = await lockEndpoint(tx, ref)
    if (endpoint.disabledReason) throw new ConflictError(DISABLED)
    await takeWebhookAttempt(tx, team.id, "send-by-hand", now)
    const after = { event: toPublicId("msg", deliveryId) }
    await recordDeed(tx, ctx, endpoint, { kind: "webhook.event_resent", after })
    await tx.webhookDelivery.update({
      where,
      data: { status: "waiting", tries: 0, nextTryAt: now, claimedUntil: null, settledAt: null },
    })
    await enqueueDelivery(tx, ref)
  })
}
