import type { PurchaseKind } from "@/lib/db/generated/enums"

/** The purchase of a captured payment, locked by whoever settles its clawbacks. */
export type CapturedPurchase = {
  teamId: string
  id: string
  poolId: string
  kind: PurchaseKind
  /** What became credits. */
  capturedNanos: bigint
  /** With tax. */
  paidNanos: bigint
  paymentIntentId: string
  settledAt: Date
}
