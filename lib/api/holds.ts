import { z } from "@hono/zod-openapi"
import { SECOND_MS } from "@/lib/clock"
import { NotFoundError } from "@/lib/errors"
import { fromPublicId } from "@/lib/ids"
import { requireHold } from "@/lib/metering/holds"
import { DEFAULT_HOLD_MS, MAX_HOLD_MS, openHold } from "@/lib/metering/open-hold"
import { parseQuantity } from "@/lib/metering/quantity"
import { captureHold, releaseHold } from "@/lib/metering/settle-hold"
import { holdAnswer, holdJson, receiptAnswer, receiptJson } from "./answers"
import { type ApiCtx, apiRoute } from "./api-route"
import { explainRefusal } from "./explain-refusal"
import { causeOf, consumableField, quantityField, triggerField, userField } from "./fields"
import { metering } from "./metering"
import { getIdempotencyKey } from "./usage"

const LIFE_RULE = `Give whole seconds from 1 to ${MAX_HOLD_MS / SECOND_MS}.`

const openSchema = z
  .strictObject({
    consumable: consumableField,
    quantity: quantityField,
    user: userField.optional(),
    trigger: triggerField.optional(),
    expires_in: z
      .int(LIFE_RULE)
      .min(1, LIFE_RULE)
      .max(MAX_HOLD_MS / SECOND_MS, LIFE_RULE)
      .optional()
      .openapi({
        description: `Seconds until it ends by itself; ${DEFAULT_HOLD_MS / SECOND_MS} if not given.`,
      }),
  })
  .openapi("HoldRequest")

const holdOnly = z.strictObject({ hold: holdAnswer })

export const openHoldRoute = apiRoute({
  method: "post",
  path: "/holds",
  operationId: "openHold",
  summary: "Hold credits for a run",
  description:
    "Sets aside what the quantity would cost now, in the pool of whoever pays. Capture what the run did use, or release it. The same key returns the same hold in its present state, not as it was at first.",
  scope: "usage:write",
  team: "now",
  body: openSchema,
  takesIdempotencyKey: "optional",
  answer: { status: 201, description: "The hold.", schema: holdOnly },
  errors: ["insufficient_credits", "conflict", "idempotency_key_reused"],
  async run({ teamId, apiKeyId, authorise, currentTeam, request, now }, { body }) {
    const { consumable, expires_in } = body
    const cause = causeOf(body, apiKeyId)
    const asked = {
      key: getIdempotencyKey(request),
      consumable,
      quantity: parseQuantity(body.quantity, consumable),
      cause,
      lifeMs: expires_in === undefined ? DEFAULT_HOLD_MS : expires_in * SECOND_MS,
      authorise,
    }
    try {
      const { hold, replayed } = await openHold(metering(), teamId, asked, now)
      return {
        status: 201,
        body: { hold: holdJson(hold) },
        replayed,
      }
    } catch (error) {
      throw await explainRefusal(error, cause, currentTeam)
    }
  },
})

export const readHoldRoute = apiRoute({
  method: "get",
  path: "/holds/{id}",
  operationId: "readHold",
  summary: "Read a hold",
  scope: "usage:write",
  team: "now",
  answer: { status: 200, description: "The hold.", schema: holdOnly },
  errors: [],
  async run(ctx) {
    return {
      body: { hold: holdJson(await requireHold(metering().connections.query, ctx.teamId, holdIdOf(ctx))) },
    }
  },
})

export const captureHoldRoute = apiRoute({
  method: "post",
  path: "/holds/{id}/capture",
  operationId: "captureHold",
  summary: "Capture a hold",
  description:
    "Charges what the run used and gives back the rest. What the pool can’t pay is the shortfall. Repeating the capture returns the same answer.",
  scope: "usage:write",
  team: "now",
  body: z.strictObject({ quantity: quantityField }).openapi("CaptureRequest"),
  answer: {
    status: 200,
    description: "The hold, and the receipt of what was charged.",
    schema: z.strictObject({ hold: holdAnswer, receipt: receiptAnswer }),
  },
  errors: ["conflict"],
  async run(ctx, { body }) {
    const { teamId, authorise, now } = ctx
    const holdId = holdIdOf(ctx)
    const readQuantity = ({ consumable }: { consumable: Parameters<typeof parseQuantity>[1] }) =>
      parseQuantity(body.quantity, consumable)
    const { hold, receipt, replayed } = await captureHold(
      metering(),
      teamId,
      { holdId, authorise, readQuantity },
      now,
    )
    return {
      body: { hold: holdJson(hold), receipt: receiptJson(receipt, hold.consumable, replayed) },
      replayed,
    }
  },
})

export const releaseHoldRoute = apiRoute({
  method: "post",
  path: "/holds/{id}/release",
  operationId: "releaseHold",
  summary: "Release a hold",
  description: "Gives back what was set aside. Repeating it, or releasing an expired hold, changes nothing.",
  scope: "usage:write",
  team: "now",
  answer: { status: 200, description: "The hold.", schema: holdOnly },
  errors: ["conflict"],
  async run(ctx) {
    const { teamId, authorise, now } = ctx
    return {
      body: {
        hold: holdJson(await releaseHold(metering(), teamId, { holdId: holdIdOf(ctx), authorise }, now)),
      },
    }
  },
})

function holdIdOf({ params }: ApiCtx): string {
  const id = fromPublicId("hold", params.id ?? "")
  if (id === null) throw new NotFoundError()
  return id
}
