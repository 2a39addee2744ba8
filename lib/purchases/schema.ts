import { publicIdSchema } from "@/lib/ids"
import { formatUsd, NANOS_PER_USD, parseUsd } from "@/lib/money/usd"
import { z } from "@/lib/zod"

export const PURCHASE_MIN_NANOS = 5n * NANOS_PER_USD
export const PURCHASE_MAX_NANOS = 1_000n * NANOS_PER_USD
export const PURCHASE_DEFAULT_AMOUNT = "10"
export const PURCHASE_PRESETS = ["10", "25", "50", "100", "250"] as const

const RANGE_MESSAGE = `Enter an amount from ${formatUsd(PURCHASE_MIN_NANOS)} to ${formatUsd(PURCHASE_MAX_NANOS)}.`

/** What a person types into the amount field; comes out as nanos within the range of one purchase. */
export const purchaseAmountSchema = z.string(RANGE_MESSAGE).transform((text, ctx) => {
  const parsed = parseUsd(text)
  if (!parsed.ok) {
    ctx.addIssue(parsed.reason === "too_precise" ? "Use at most two decimals." : RANGE_MESSAGE)
    return z.NEVER
  }
  if (parsed.nanos < PURCHASE_MIN_NANOS || parsed.nanos > PURCHASE_MAX_NANOS) {
    ctx.addIssue(RANGE_MESSAGE)
    return z.NEVER
  }
  return parsed.nanos
})

/** One intended purchase. `requestKey` is new for each, so that a double click or a retry is the same purchase. */
export const startPurchaseSchema = z.strictObject({
  amount: purchaseAmountSchema,
  poolId: publicIdSchema("pool"),
  requestKey: z.uuid(),
})

export const purchaseRefSchema = z.strictObject({ purchaseId: publicIdSchema("pur") })

export type StartedPurchase = { purchaseId: string; clientSecret: string }

/** What became of a purchase, as far as Stripe has said. */
export type PurchaseProgress =
  | { status: "succeeded"; amountNanos: bigint; balanceNanos: bigint; receiptUrl: string | null }
  | { status: "processing" }
  | { status: "open" }
  /** Nothing was charged, and nothing can be any more. */
  | { status: "ended" }
