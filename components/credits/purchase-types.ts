import type { PurchaseProgress, StartedPurchase } from "@/lib/purchases/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type StartPurchaseInput = {
  /** As typed. The server parses it with the form's schema. */
  amount: string
  /** Stays the same for a double click or a retry, so that they make one purchase. */
  requestKey: string
  poolId: string
}

/** A payment that was made, whether or not its credits have arrived. */
export type PurchaseOutcome = Extract<PurchaseProgress, { status: "succeeded" | "processing" }>

/** Server actions. */
export type PurchaseActions = {
  startPurchase: (input: StartPurchaseInput) => Promise<ActionResult<StartedPurchase>>
  confirmPurchase: (input: { purchaseId: string }) => Promise<ActionResult<PurchaseProgress>>
  cancelPurchase: (input: { purchaseId: string }) => Promise<ActionResult<PurchaseProgress>>
}

export type PurchasePool = {
  id: string
  balanceNanos: bigint
  /** Names the holder where the team has several pools: "Ada Lovelace". */
  ownerName?: string | null
}
