import { publicIdSchema } from "@/lib/ids"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"
import { nameText } from "@/lib/name-text"
import { usdSchema } from "@/lib/purchases/schema"
import { z } from "@/lib/zod"

export const REQUEST_DEFAULT_AMOUNT = "25"
export const TEXT_MAX = 200

/** The range of one request. */
export const requestAmountSchema = usdSchema({ from: NANOS_PER_USD, to: 10_000n * NANOS_PER_USD })
/** The range of an answer to a request, and of what the Owner moves without one. */
export const movedAmountSchema = usdSchema({ from: NANOS_PER_CENT, to: 1_000_000n * NANOS_PER_USD })

export const reasonSchema = nameText({ max: TEXT_MAX, missing: "Say what you need the credits for." })
export const wordSchema = nameText({ max: TEXT_MAX, missing: "Enter a reason, or leave it empty." })

const requestId = publicIdSchema("creq")

/** `changes`: the open request that is changed. Null for a new one. */
export const requestCreditsSchema = z
  .strictObject({ amount: requestAmountSchema, reason: reasonSchema, changes: requestId.nullable() })
  .transform(({ amount: amountNanos, ...rest }) => ({ ...rest, amountNanos }))

export const requestRefSchema = z.strictObject({ requestId })

export const approveRequestSchema = z
  .strictObject({ requestId, amount: movedAmountSchema })
  .transform(({ amount: amountNanos, ...rest }) => ({ ...rest, amountNanos }))

export const declineRequestSchema = z.strictObject({ requestId, word: wordSchema.nullable() })

/** One intended transfer. Each has its own `requestKey`, so that a double click or a retry moves credits once. */
export const moveCreditsSchema = z
  .strictObject({
    fromPoolId: publicIdSchema("pool"),
    // By email address where a team has too many pools to choose from.
    to: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("pool"), poolId: publicIdSchema("pool") }),
      z.strictObject({
        kind: z.literal("email"),
        email: z
          .string()
          .trim()
          .toLowerCase()
          .min(1, "Enter a member’s email address.")
          .max(254, "That is too long."),
      }),
    ]),
    amount: movedAmountSchema,
    requestKey: z.uuid(),
  })
  .transform(({ amount: amountNanos, ...rest }) => ({ ...rest, amountNanos }))

export type CreditsAskedFor = z.output<typeof requestCreditsSchema>
export type MoveInput = z.output<typeof moveCreditsSchema>
