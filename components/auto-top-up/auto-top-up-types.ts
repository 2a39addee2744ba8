import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import type { NoReason } from "@/lib/auto-top-up/decide"
import type { ActionResult } from "@/lib/web/action-result"

export type Settings = { enabled: boolean; thresholdNanos: bigint; amountNanos: bigint; version: number }

export type Method = { name: string; spokenName: string; expires: { on: string; isExpired: boolean } | null }

/** Null: no cap. */
export type Cap = { capNanos: bigint | null; version: number }

export type Usage = { startNanos: bigint; days: { day: string; spentNanos: bigint }[] }

/** What stands in the way, or is about to. */
export type Hindrance = {
  reason: NoReason
  /** When it may be over by itself. */
  until: string | null
  /** Why the last charge failed, in words, and how many failed in a row. */
  failure: { reason: string; failures: number } | null
  /** Of the top-up that is under way. */
  amountNanos: bigint | null
}

/** Server actions. */
export type SettingsActions = {
  readUsage: (input: { poolId: string }) => Promise<ActionResult<Usage>>
  saveSettings: (input: {
    poolId: string
    version: number
    enabled: boolean
    threshold: string
    amount: string
  }) => Promise<ActionResult<void>>
} & AddingActions

export type SaveCap = (input: { version: number; cap: string | null }) => Promise<ActionResult<void>>

export type ConfirmActions = {
  readAuthentication: (input: {
    poolId: string
  }) => Promise<ActionResult<{ clientSecret: string; paymentMethodId: string | null } | null>>
  finishAuthentication: (input: { poolId: string }) => Promise<ActionResult<{ isCredited: boolean }>>
}

export type SettingsDialogData = {
  poolId: string
  ownerName: string | null
  settings: Settings | null
  method: Method | null
  cap: Cap
  stripe: StripeConfig
  actions: SettingsActions
}
