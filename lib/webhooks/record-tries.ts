import { DAY_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { raise } from "@/lib/notifications/raise"
import type { Answer } from "./dial"
import { nextTryAt, restMs } from "./schedule"
import { cancelWaiting, type EndpointRef, type findEndpoint, lockIfThere } from "./store"

/** How long nothing may reach an endpoint until it is turned off. */
const GIVE_UP_MS = 5 * DAY_MS

type Ctx = { db: Db; now: () => Date }
export type Claimed = { id: string; type: string; body: string; tries: number }
export type Endpoint = NonNullable<Awaited<ReturnType<typeof findEndpoint>>>
export type Tried = { delivery: Claimed; answer: Answer; at: Date; tookMs: number }

const isDelivered = ({ answer }: Tried) =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300

/** Records what became of deliveries to one endpoint, and what that says of the endpoint: it rests, or is turned off. */
export async function recordTries(
  { db, now }: Ctx,
  ref: EndpointRef,
  tried: Tried[],
  slowMs: number,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { teamId, endpointId } = ref
    const endpoint = await lockIfThere(tx, ref)
    await recordEach(tx, ref, tried, now())
    // It was removed during the delivery, and nobody needs to be told of that.
    if (!endpoint) return
    const where = { teamId_id: { teamId, id: endpointId } }
    if (tried.some(({ answer }) => answer.kind === "answered" && answer.status === 410))
      return disable(tx, ref, endpoint, "gone", now())
    const isReached = tried.some(isDelivered)
    const isSlow = tried.some(({ tookMs }) => tookMs > slowMs)
    if (isReached && !isSlow) {
      if (endpoint.failures === 0) return
      await tx.webhookEndpoint.update({
        where,
        data: { failingSince: null, failures: 0, restingUntil: null },
      })
      return
    }
    // A person's test says nothing about the endpoint's health.
    if (tried.every(({ delivery }) => delivery.type === "test")) return
    // A slow endpoint rests like one that nothing reaches, but isn't turned off for it.
    const failingSince = isReached ? null : (endpoint.failingSince ?? now())
    if (failingSince && now().getTime() - failingSince.getTime() >= GIVE_UP_MS)
      return disable(tx, ref, endpoint, "failing", now())
    const failures = endpoint.failures + 1
    const restingUntil = new Date(now().getTime() + restMs(failures))
    await tx.webhookEndpoint.update({ where, data: { failingSince, failures, restingUntil } })
  })
}

async function recordEach(tx: Tx, { teamId }: EndpointRef, tried: Tried[], now: Date): Promise<void> {
  await tx.webhookTry.createMany({
    data: tried.map(({ delivery, answer, at, tookMs }) => ({
      teamId,
      deliveryId: delivery.id,
      triedAt: at,
      tookMs,
      ...(answer.kind === "answered"
        ? { answerStatus: answer.status, answerBody: answer.body }
        : { error: answer.error }),
    })),
  })
  const delivered = tried.filter(isDelivered).map(({ delivery }) => delivery.id)
  if (delivered.length > 0)
    await tx.webhookDelivery.updateMany({
      where: { teamId, id: { in: delivered }, status: "waiting" },
      data: { tries: { increment: 1 }, status: "delivered", claimedUntil: null, settledAt: now },
    })
  for (const { delivery, answer } of tried.filter((each) => !isDelivered(each))) {
    const tries = delivery.tries + 1
    const next = nextTryAt(tries, answer.kind === "answered" ? answer.retryAfter : null, now)
    await tx.webhookDelivery.updateMany({
      where: { teamId, id: delivery.id, status: "waiting" },
      data: {
        tries,
        claimedUntil: null,
        ...(next ? { nextTryAt: next } : { status: "failed", settledAt: now }),
      },
    })
  }
}

async function disable(
  tx: Tx,
  ref: EndpointRef,
  { url }: Endpoint,
  reason: "gone" | "failing",
  now: Date,
): Promise<void> {
  const { teamId, endpointId } = ref
  await tx.webhookEndpoint.update({
    where: { teamId_id: { teamId, id: endpointId } },
    data: { disabledReason: reason },
  })
  await cancelWaiting(tx, ref, now)
  const cause = `${endpointId}:${now.toISOString()}`
  const data = { host: new URL(url).host, reason }
  await raise(queryIn(tx), { teamId, poolId: null, type: "webhook_endpoint_disabled", cause, data }, now)
}
