import { publicIdSchema } from "@/lib/ids"
import { formatUsd, NANOS_PER_USD, parseUsd } from "@/lib/money/usd"
import { z } from "@/lib/zod"

export const PURCHASE_MIN_NANOS = 5n * NANOS_PER_USD
export const PURCHASE_MAX_NANOS = 1_000n * NANOS_PER_USD
export const PURCHASE_DEFAULT_AMOUNT = "10"
export const PURCHASE_PRESETS = ["10", "25", "50", "100", "250"] as const

/** Reads an amount that a person typed. Yields nanos within the range, both ends included. */
export function usdSchema({ from, to }: { from: bigint; to: bigint }) {
  const message = `Enter an amount from ${formatUsd(from)} to ${formatUsd(to)}.`
  return z.string(message).transform((text, ctx) => {
    const parsed = parseUsd(text)
    if (parsed.ok && parsed.nanos >= from && parsed.nanos <= to) return parsed.nanos
    ctx.addIssue(!parsed.ok && parsed.reason === "too_precise" ? "Use at most two decimals." : message)
    return z.NEVER
  })
}

/** The range of one purchase. */
export const purchaseAmountSchema = usdSchema({ from: PURCHASE_MIN_NANOS, to: PURCHASE_MAX_NANOS })

/** One intended purchase. Each has its own `requestKey`, so that a double click or a retry is the same purchase. */
export const startPurchaseSchema = z
  .strictObject({ amount: purchaseAmountSchema, poolId: publicIdSchema("pool"), requestKey: z.uuid() })
  .transform(({ amount: amountNanos, ...rest }) => ({ ...rest, amountNanos }))

export type PurchaseRequest = z.output<typeof startPurchaseSchema>

export const purchaseRefSchema = z.strictObject({ purchaseId: publicIdSchema("pur") })

export type StartedPurchase = { purchaseId: string; clientSecret: string }

/** The state of a purchase, as far as Stripe has told us. */
export type PurchaseProgress =
  | { status: "succeeded"; amountNanos: bigint; balanceNanos: bigint; receiptUrl: string | null }
  | { status: "processing" }
  | { status: "open" }
  /** Nothing was charged, and nothing can be any more. */
  | { status: "ended" }
