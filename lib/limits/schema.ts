import { publicIdSchema } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { usdSchema } from "@/lib/purchases/schema"
import { z } from "@/lib/zod"

export const LIMIT_MAX_NANOS = 10_000_000n * NANOS_PER_USD

export const limitAmountSchema = usdSchema({ from: 0n, to: LIMIT_MAX_NANOS })

/** Whose limit it is. A member is named by id or, where a person types, by email address. */
const subjectSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("member"), memberId: publicIdSchema("member") }),
  z.strictObject({
    kind: z.literal("email"),
    email: z
      .string()
      .trim()
      .toLowerCase()
      .min(1, "Enter a member’s email address.")
      .max(254, "That is too long."),
  }),
  z.strictObject({ kind: z.literal("api_key"), apiKeyId: publicIdSchema("key") }),
])

/** A limit of a member or an API key. `refuses`: whether it refuses more, or only tells. */
export const saveLimitSchema = z
  .strictObject({ subject: subjectSchema, amount: limitAmountSchema, refuses: z.boolean() })
  .transform(({ subject, amount: amountNanos, refuses: isHard }) => ({ subject, amountNanos, isHard }))

export const removeLimitSchema = z.strictObject({ limitId: publicIdSchema("lim") })

/** The most that keys and schedules may draw from the Owner's credits in a month, or any amount, and what they leave. */
export const saveProtectionSchema = z
  .strictObject({ amount: limitAmountSchema.nullable(), reserve: limitAmountSchema })
  .transform(({ amount: amountNanos, reserve: reserveNanos }) => ({ amountNanos, reserveNanos }))

export type LimitInput = z.output<typeof saveLimitSchema>
export type ProtectionInput = z.output<typeof saveProtectionSchema>
