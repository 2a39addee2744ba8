import { Webhook } from "standardwebhooks"
import { MINUTE_MS, SECOND_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { type Dialer, TIMEOUT_MS } from "./dial"
import { answersQuickly, takePlace } from "./places"
import { type Claimed, type Endpoint, recordTries, type Tried } from "./record-tries"
import { SLOW_MS } from "./schedule"
import { decryptSecret } from "./secret"
import { type EndpointRef, enqueueDelivery, findEndpoint } from "./store"
import { endTurn, keepTurn, type Turn, takeTurn } from "./turns"

/** Deliveries to one endpoint at once. */
const AT_ONCE = 8
/** Longer than a try takes. A try still unrecorded after that counts as lost with its process. */
const CLAIM_MS = TIMEOUT_MS + 10 * SECOND_MS
/** After this, others have their turn. */
const TURN_MS = MINUTE_MS

type Ctx = { db: Db; now: () => Date; dialer: Pick<Dialer, "post"> }

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
    await recordTries(ctx, turn, tried, slowMs)
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
