import { z } from "@hono/zod-openapi"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { fromPublicId, toPublicId } from "@/lib/ids"
import type { UsageReversal } from "@/lib/ledger/reversals"
import { formatQuantity, parseQuantity } from "@/lib/metering/quantity"
import { REVERSAL_DAYS, type ReversalRequest, reverseUsage } from "@/lib/metering/reverse-usage"
import { toDecimalString } from "@/lib/money/usd"
import { nameText } from "@/lib/name-text"
import { money, quantity } from "./answers"
import { apiRoute } from "./api-route"
import { keyField, quantityField } from "./fields"
import { metering } from "./metering"
import { requireIdempotencyKey } from "./usage"

const WHICH_RULE = "Name the usage by its key or, if a hold’s capture charged it, by the hold."

const reversalSchema = z
  .strictObject({
    key: keyField.optional().openapi({ description: "The key under which the usage was reported." }),
    hold: z
      .string(WHICH_RULE)
      .transform((text, ctx) => {
        const id = fromPublicId("hold", text)
        if (id !== null) return id
        ctx.addIssue(WHICH_RULE)
        return z.NEVER
      })
      .optional()
      .openapi({
        type: "string",
        description: "In place of a key: the hold (hold_…) whose capture charged the usage.",
      }),
    quantity: quantityField.optional().openapi({
      description: "How much of it was too much, in units of its consumable. All that is left, if not given.",
    }),
    reason: nameText({ max: 200, missing: "Say why it is reversed." }).openapi({
      example: "Metered twice",
      description: "Shown with the transaction. On one line, of visible characters.",
    }),
  })
  .transform(
    ({ key, hold, ...rest }, ctx): Pick<ReversalRequest, "record" | "reason"> & { quantity?: unknown } => {
      if (key !== undefined && hold === undefined) return { ...rest, record: { key } }
      if (hold !== undefined && key === undefined) return { ...rest, record: { holdId: hold } }
      ctx.addIssue({ code: "custom", message: WHICH_RULE, path: ["key"] })
      return z.NEVER
    },
  )
  .openapi("UsageReversalRequest")

export const reversalAnswer = z
  .strictObject({
    id: z.string(),
    consumable: z.enum(CONSUMABLE_CODES),
    quantity: quantity.openapi({ description: "How much was reversed." }),
    left: quantity.openapi({ description: "How much of the record still stands." }),
    cost: money.openapi({ description: "What it had cost beyond the allowance, and no longer does." }),
    returned: z
      .strictObject({ allowance: quantity, included: money, promotion: money, credits: money })
      .openapi({ description: "Where it went: to the allowance and the credits that had paid." }),
    expired: z.strictObject({ allowance: quantity, credits: money }).openapi({
      description:
        "How much of that can’t be used: its period or its promotion is over, or its period isn’t paid yet.",
    }),
    repaid_debt: money.openapi({ description: "How much of it repaid what the pool owed." }),
    balance: money.openapi({ description: "The add-on credits left." }),
    available: money.openapi({ description: "The amount that may be spent now." }),
    replayed: z.boolean().openapi({ description: "Whether this repeats the first answer to this key." }),
  })
  .openapi("UsageReversal")

export const usageReversalsRoute = apiRoute({
  method: "post",
  path: "/usage/reversals",
  operationId: "reverseUsage",
  summary: "Reverse usage",
  description: `Takes back usage that was reported by mistake, at most ${REVERSAL_DAYS} days ago: a record as a whole, or a part of it, as if it had been reported without. What it cost goes back to where it came from. All reversals of a record together return exactly its cost.`,
  scope: "usage:reverse",
  team: "now",
  body: reversalSchema,
  takesIdempotencyKey: "required",
  answer: { status: 200, description: "What came back.", schema: reversalAnswer },
  errors: ["missing_idempotency_key", "idempotency_key_reused", "reversal_refused"],
  async run({ teamId, apiKeyId, authorise, request, now }, { body }) {
    const asked = {
      requestKey: requireIdempotencyKey(request),
      record: body.record,
      readQuantity:
        body.quantity === undefined
          ? null
          : (consumable: Consumable) => parseQuantity(body.quantity, consumable),
      reason: body.reason,
      apiKeyId,
      authorise,
    }
    const { reversal, replayed } = await reverseUsage(metering(), teamId, asked, now)
    return { body: reversalJson(reversal, replayed), replayed }
  },
})

function reversalJson(reversal: UsageReversal, replayed: boolean): z.output<typeof reversalAnswer> {
  const consumable = reversal.consumable as Consumable
  const { includedNanos, promotionNanos, creditsNanos } = reversal
  return {
    id: toPublicId("rev", reversal.id),
    consumable,
    quantity: formatQuantity(reversal.quantity, consumable),
    left: formatQuantity(reversal.leftQuantity, consumable),
    cost: toDecimalString(includedNanos + promotionNanos + creditsNanos),
    returned: {
      allowance: formatQuantity(reversal.allowanceQuantity, consumable),
      included: toDecimalString(includedNanos),
      promotion: toDecimalString(promotionNanos),
      credits: toDecimalString(creditsNanos),
    },
    expired: {
      allowance: formatQuantity(reversal.allowanceExpired, consumable),
      credits: toDecimalString(reversal.expiredNanos),
    },
    repaid_debt: toDecimalString(reversal.repaidNanos),
    balance: toDecimalString(reversal.balanceNanos),
    available: toDecimalString(reversal.availableNanos),
    replayed,
  }
}
