import { publicIdSchema } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { usdSchema } from "@/lib/purchases/schema"
import { z } from "@/lib/zod"

export const TOP_UP_MIN_NANOS = 5n * NANOS_PER_USD
export const TOP_UP_MAX_NANOS = 100_000n * NANOS_PER_USD
export const DEFAULT_CAP_NANOS = 200n * NANOS_PER_USD
const CAP_MAX_NANOS = 10_000_000n * NANOS_PER_USD

export const TOP_UP_DEFAULTS = { threshold: "10.00", amount: "50.00" } as const

export const thresholdSchema = usdSchema({ from: 0n, to: TOP_UP_MAX_NANOS })
export const topUpAmountSchema = usdSchema({ from: TOP_UP_MIN_NANOS, to: TOP_UP_MAX_NANOS })
export const capSchema = usdSchema({ from: 0n, to: CAP_MAX_NANOS })

export const THRESHOLD_ABOVE_AMOUNT = "The threshold can’t be more than the purchase amount."

/** What the dialog saves. `version` is what it was opened on: 0 if nothing was saved before. */
export const saveSettingsSchema = z
  .strictObject({
    poolId: publicIdSchema("pool"),
    version: z.int().min(0),
    enabled: z.boolean(),
    threshold: thresholdSchema,
    amount: topUpAmountSchema,
  })
  .refine(({ threshold, amount }) => threshold <= amount, {
    path: ["threshold"],
    message: THRESHOLD_ABOVE_AMOUNT,
  })

export const saveCapSchema = z.strictObject({ version: z.int().min(1), cap: capSchema.nullable() })

export const poolRefSchema = z.strictObject({ poolId: publicIdSchema("pool") })

export type TopUpSettings = { enabled: boolean; thresholdNanos: bigint; amountNanos: bigint }
