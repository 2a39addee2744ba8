import { Webhook } from "standardwebhooks"
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { raise } from "@/lib/notifications/raise"
import { type Answer, type Dialer, TIMEOUT_MS } from "./dial"
import { answersQuickly, takePlace } from "./places"
import { nextTryAt, restMs, SLOW_MS } from "./schedule"
import { decryptSecret } from "./secret"
import { cancelWaiting, type EndpointRef, enqueueDelivery, findEndpoint, lockIfThere } from "./store"
import { endTurn, keepTurn, type Turn, takeTurn } from "./turns"

/** Deliveries to one endpoint at once. */
const AT_ONCE = 8
/** Longer than a try takes. A try still unrecorded after that counts as lost with its process. */
const CLAIM_MS = TIMEOUT_MS + 10 * SECOND_MS
/** After this, others have their turn. */
const TURN_MS = MINUTE_MS
/** How long nothing may reach an endpoint until it is turned off. */
const GIVE_UP_MS = 5 * DAY_MS

type Ctx = { db: Db; now: () => Date; dialer: Pick<Dialer, "post"> }
type Claimed = { id: string; type: string; body: string; tries: number }
type Endpoint = NonNullable<Awaited<ReturnType<typeof findEndpoint>>>
type Tried = { delivery: Claimed; answer: Answer; at: Date; tookMs: number }

/**
 * Sends what is due to one endpoint, several at once, and each at least once: a delivery that a process has taken and
 * not recorded is taken again after a while, with the same id. An endpoint that nothing reaches rests for longer and
 * longer, and is tried with one event at a time. A team has few turns at once, and endpoints that aren't known to be
 * quick have few places; without either this ends, and comes back when one may be free. Several processes may run it at
 * once.
 */
export async function deliverWebhooks(ctx: Ctx, ref: EndpointRef, slowMs = SLOW_MS): Promise<void> {
  const { db, now } = ctx
  const leave = (await answersQuickly(db, ref, slowMs)) ? () => undefined : takePlace()
  if (!leave) {
    const soon = new Date(now().getTime() + SECOND_MS)
    return db.$transaction((tx) => enqueueDelivery(tx, ref, soon))
  }
  try {
    await deliverInTurn(ctx, ref, slowMs)
  } finally {
    leave()
  }
}

async function deliverInTurn(ctx: Ctx, ref: EndpointRef, slowMs: number): Promise<void> {
  const { db, now } = ctx
  const taken = await takeTurn(db, ref, now(), claimEnd(now()))
  if ("askAgainAt" in taken) return db.$transaction((tx) => enqueueDelivery(tx, ref, taken.askAgainAt))
  let hasTried = false
  try {
    hasTried = await sendDue(ctx, taken.turn, slowMs)
  } finally {
    await db.$transaction(async (tx) => {
      await endTurn(tx, taken.turn, now())
      await enqueueNext(tx, ref, now())
      // Updates the log on an open page.
      if (hasTried) await announce(queryIn(tx), ref.teamId)
    })
  }
}

const claimEnd = (now: Date) => new Date(now.getTime() + CLAIM_MS)

/** Returns whether anything was sent. */
async function sendDue(ctx: Ctx, turn: Turn, slowMs: number): Promise<boolean> {
  const { db, now } = ctx
  const turnEnds = now().getTime() + TURN_MS
  for (let rounds = 0; ; rounds++) {
    const endpoint = await findEndpoint(db, turn)
    const isResting = endpoint?.restingUntil && endpoint.restingUntil > now()
    if (!endpoint || endpoint.disabledReason || isResting || now().getTime() >= turnEnds) return rounds > 0
    const claimed = await claim(ctx, turn, endpoint.failures > 0 ? 1 : AT_ONCE)
    if (claimed.length === 0) return rounds > 0
    if (rounds > 0) await keepTurn(db, turn, claimEnd(now()))
    const tried = await Promise.all(claimed.map((delivery) => attempt(ctx, endpoint, delivery)))
    await record(ctx, turn, tried, slowMs)
  }
}

async function claim(
  { db, now }: Ctx,
  { teamId, endpointId }: EndpointRef,
  count: number,
): Promise<Claimed[]> {
  const at = now()
  return db.$queryRaw<Claimed[]>`
    UPDATE webhook_deliveries d SET claimed_until = ${claimEnd(at)}
    FROM (
      SELECT id FROM webhook_deliveries
      WHERE team_id = ${teamId}::uuid AND endpoint_id = ${endpointId}::uuid AND status = 'waiting' AND next_try_at <= ${at}
        AND (claimed_until IS NULL OR claimed_until <= ${at})
      ORDER BY next_try_at, id LIMIT ${count} FOR UPDATE SKIP LOCKED
    ) due WHERE d.team_id = ${teamId}::uuid AND d.id = due.id RETURNING d.id, d.type, d.body, d.tries`
}

async function attempt({ now, dialer }: Ctx, endpoint: Endpoint, delivery: Claimed): Promise<Tried> {
  const at = now()
  const beganAt = performance.now()
  const answer = await dialer.post(endpoint.url, headersOf(endpoint, delivery, at), delivery.body)
  return { delivery, answer, at, tookMs: Math.round(performance.now() - beganAt) }
}

function headersOf(endpoint: Endpoint, { id, body }: Claimed, at: Date): Record<string, string> {
  const { secret, previousSecret, previousSecretUntil } = endpoint
  const messageId = toPublicId("msg", id)
  const secrets =
    previousSecret && previousSecretUntil && previousSecretUntil > at ? [secret, previousSecret] : [secret]
  return {
    "content-type": "application/json",
    "user-agent": "Credits-Webhooks",
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(at.getTime() / SECOND_MS)),
    "webhook-signature": secrets
      .map((stored) => new Webhook(decryptSecret(stored)).sign(messageId, at, body))
      .join(" "),
  }
}

const isDelivered = ({ answer }: Tried) =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300

async function record({ db, now }: Ctx, ref: EndpointRef, tried: Tried[], slowMs: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const { teamId, endpointId } = ref
    const endpoint = await lockIfThere(tx, ref)
    await recordTries(tx, ref, tried, now())
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

async function recordTries(tx: Tx, { teamId }: EndpointRef, tried: Tried[], now: Date): Promise<void> {
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

/** Schedules the next look, when something will be due or a claim is over. */
async function enqueueNext(tx: Tx, ref: EndpointRef, now: Date): Promise<void> {
  const { teamId, endpointId } = ref
  const [next] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT greatest(min(greatest(d.next_try_at, d.claimed_until)), e.resting_until) AS at
    FROM webhook_endpoints e JOIN webhook_deliveries d ON d.team_id = e.team_id AND d.endpoint_id = e.id AND d.status = 'waiting'
    WHERE e.team_id = ${teamId}::uuid AND e.id = ${endpointId}::uuid AND e.disabled_reason IS NULL AND e.deleted_at IS NULL
    GROUP BY e.resting_until`
  // Never in the past, which would put it before other teams' waiting events.
  if (next?.at) await enqueueDelivery(tx, ref, next.at > now ? next.at : now)
}
