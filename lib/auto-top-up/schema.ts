import { publicIdSchema } from "@/lib/ids"
import { formatUsd, NANOS_PER_USD } from "@/lib/money/usd"
import { paymentMethodIdSchema } from "@/lib/payment-methods/schema"
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

export function amountAboveCap(capNanos: bigint): string {
  return `The amount can’t be more than the monthly cap of ${formatUsd(capNanos)}.`
}

/** Whether a month's cap can never fit the amount. A cap of zero is the team's off switch, not a limit to fit. */
export function exceedsCap(amountNanos: bigint, capNanos: bigint | null): boolean {
  return capNanos !== null && capNanos > 0n && amountNanos > capNanos
}

// A raised cap may charge for several pools at once.
const agreedChargeSchema = z
  .strictObject({ amount: capSchema, paymentMethodId: paymentMethodIdSchema })
  .transform(({ amount: amountNanos, paymentMethodId }) => ({ amountNanos, paymentMethodId }))

/**
 * The dialog's input: a pool's settings and the team's cap. Each `version` is the one that the dialog was opened on;
 * the settings have 0 if nothing was saved before. `agreedCharge` is the charge that the person was told of, and its
 * method.
 */
export const saveSettingsSchema = z
  .strictObject({
    poolId: publicIdSchema("pool"),
    version: z.int().min(0),
    enabled: z.boolean(),
    threshold: thresholdSchema,
    amount: topUpAmountSchema,
    cap: z
      .strictObject({ version: z.int().min(1), amount: capSchema.nullable() })
      .transform(({ version, amount: capNanos }) => ({ version, capNanos })),
    agreedCharge: agreedChargeSchema.nullable(),
  })
  .refine(({ threshold, amount }) => threshold <= amount, {
    path: ["threshold"],
    message: THRESHOLD_ABOVE_AMOUNT,
  })
  .transform(({ threshold: thresholdNanos, amount: amountNanos, ...rest }) => ({
    ...rest,
    thresholdNanos,
    amountNanos,
  }))

/** `agreedCharge` is the charge that the person was told of, and its method. */
export const resumeSchema = z.strictObject({
  poolId: publicIdSchema("pool"),
  agreedCharge: agreedChargeSchema.nullable(),
})

/** The figure above which a second person approves, or none. `version` is the one that the dialog was opened on. */
export const approvalRuleSchema = z
  .strictObject({ version: z.int().min(0), above: capSchema.nullable() })
  .transform(({ version, above: aboveNanos }) => ({ version, aboveNanos }))

export const approvalRefSchema = z.strictObject({ approvalId: publicIdSchema("apv") })

export const poolRefSchema = z.strictObject({ poolId: publicIdSchema("pool") })

export type TopUpSettings = { enabled: boolean; thresholdNanos: bigint; amountNanos: bigint }

export type SpendCap = { capNanos: bigint | null; version: number }

export type AgreedCharge = { amountNanos: bigint; paymentMethodId: string }
