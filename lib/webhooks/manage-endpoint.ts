import { DAY_MS } from "@/lib/clock"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import type { NotificationType } from "@/lib/notifications/types"
import { type Allowed, checkDestination, checkUrl } from "./address"
import { asManager, recordDeed, type WebhookCtx } from "./ctx"
import { allowedByEnv } from "./dial"
import { takeWebhookAttempt } from "./limits"
import { type Resolve, resolveName } from "./resolve"
import { MAX_ENDPOINTS, type NewSecret } from "./schema"
import { encryptSecret, newSecret } from "./secret"
import { cancelWaiting, enqueueDelivery, lockEndpoint } from "./store"

/** How long both secrets sign after a replacement. */
export const OVERLAP_MS = DAY_MS

/**
 * Adds an endpoint and returns its secret, which can't be read again. Its name must lead to public addresses now.
 * Each connection checks that again.
 */
export async function createEndpoint(
  ctx: WebhookCtx,
  { url, types }: { url: string; types: NotificationType[] },
  { allowed = allowedByEnv(), resolve = resolveName }: { allowed?: Allowed; resolve?: Resolve } = {},
): Promise<NewSecret> {
  const { team, actor, now } = ctx
  const seen = checkUrl(url, allowed)
  if (!seen.ok) throw new InvalidInputError(seen.message, "url")
  // Counted whatever comes of it, because a name server of their choice is asked from here on.
  await asManager(ctx, (tx) => takeWebhookAttempt(tx, team.id, "add-endpoint", now))
  const checked = await checkDestination(url, allowed, resolve)
  if (!checked.ok) throw new InvalidInputError(checked.message, "url")
  const id = newId()
  const secret = newSecret()
  await asManager(ctx, async (tx) => {
    // One after the other, so that the limit holds.
    await tx.$queryRaw`SELECT 1 FROM teams WHERE id = ${team.id}::uuid FOR UPDATE`
    const count = await tx.webhookEndpoint.count({ where: { teamId: team.id, deletedAt: null } })
    if (count >= MAX_ENDPOINTS)
      throw new ConflictError(`Your team has ${MAX_ENDPOINTS} endpoints, which is the limit.`)
    await tx.webhookEndpoint.create({
      data: {
        teamId: team.id,
        id,
        url: checked.url.href,
        types,
        secret: encryptSecret(secret),
        createdByMemberId: actor.memberId,
        createdAt: now,
      },
    })
    const added = { id, url: checked.url.href }
    await recordDeed(tx, ctx, added, { kind: "webhook.created", after: { events: types } })
  })
  return { endpointId: toPublicId("whe", id), secret }
}

/** Chooses what is sent to an endpoint from now on. */
export async function saveTypes(
  ctx: WebhookCtx,
  { endpointId, types }: { endpointId: string; types: NotificationType[] },
): Promise<void> {
  const ref = { teamId: ctx.team.id, endpointId }
  await asManager(ctx, async (tx) => {
    const endpoint = await lockEndpoint(tx, ref)
    if (isSameSet(endpoint.types, types)) return
    await tx.webhookEndpoint.update({
      where: { teamId_id: { teamId: ref.teamId, id: endpointId } },
      data: { types },
    })
    const change = { before: { events: endpoint.types }, after: { events: types } }
    await recordDeed(tx, ctx, endpoint, { kind: "webhook.events_changed", ...change })
  })
}

const isSameSet = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && others.every((each) => some.includes(each))

/** Replaces the secret and returns the new one. For a day, events are signed with both. */
export async function rotateSecret(
  ctx: WebhookCtx,
  { endpointId }: { endpointId: string },
): Promise<NewSecret> {
  const ref = { teamId: ctx.team.id, endpointId }
  const secret = newSecret()
  await asManager(ctx, async (tx) => {
    const endpoint = await lockEndpoint(tx, ref)
    await tx.webhookEndpoint.update({
      where: { teamId_id: { teamId: ref.teamId, id: endpointId } },
      data: {
        secret: encryptSecret(secret),
        previousSecret: endpoint.secret,
        previousSecretUntil: new Date(ctx.now.getTime() + OVERLAP_MS),
      },
    })
    await recordDeed(tx, ctx, endpoint, { kind: "webhook.secret_replaced" })
  })
  return { endpointId: toPublicId("whe", endpointId), secret }
}

/** Stops sending to an endpoint, or starts again. Events that waited when it stopped are no longer sent. */
export async function setEnabled(
  ctx: WebhookCtx,
  { endpointId, enabled }: { endpointId: string; enabled: boolean },
): Promise<void> {
  const ref = { teamId: ctx.team.id, endpointId }
  await asManager(ctx, async (tx) => {
    const endpoint = await lockEndpoint(tx, ref)
    if (enabled === (endpoint.disabledReason === null)) return
    if (enabled) await takeWebhookAttempt(tx, ref.teamId, "turn-on", ctx.now)
    await tx.webhookEndpoint.update({
      where: { teamId_id: { teamId: ref.teamId, id: endpointId } },
      data: enabled ? AFRESH : { disabledReason: "by_hand" },
    })
    if (enabled) await enqueueDelivery(tx, ref)
    else await cancelWaiting(tx, ref, ctx.now)
    await recordDeed(tx, ctx, endpoint, { kind: enabled ? "webhook.turned_on" : "webhook.turned_off" })
  })
}

const AFRESH = { disabledReason: null, failingSince: null, failures: 0, restingUntil: null }

/** Removes an endpoint for good. The record of its deliveries stays. */
export async function removeEndpoint(ctx: WebhookCtx, { endpointId }: { endpointId: string }): Promise<void> {
  const ref = { teamId: ctx.team.id, endpointId }
  await asManager(ctx, async (tx) => {
    const endpoint = await lockEndpoint(tx, ref)
    await tx.webhookEndpoint.update({
      where: { teamId_id: { teamId: ref.teamId, id: endpointId } },
      data: { deletedAt: ctx.now, previousSecret: null, previousSecretUntil: null },
    })
    await cancelWaiting(tx, ref, ctx.now)
    await recordDeed(tx, ctx, endpoint, { kind: "webhook.removed" })
  })
}
