import type { AddingActions, ChangingActions } from "@/components/payment-methods/payment-method-types"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import type { NoReason } from "@/lib/auto-top-up/decide"
import type { Outlook, Saved } from "@/lib/auto-top-up/outlook"
import type { UsageForDryRun } from "@/lib/auto-top-up/simulate"
import type { ActionResult } from "@/lib/web/action-result"

export type Settings = { enabled: boolean; thresholdNanos: bigint; amountNanos: bigint; version: number }

export type Method = {
  id: string
  name: string
  spokenName: string
  expires: { on: string; isExpired: boolean } | null
  isDefault: boolean
  /** Says why it can't become the default. Null when it can. */
  unusable: string | null
}

/** `capNanos` is null when there is no cap. */
export type Cap = { capNanos: bigint | null; version: number }

/** An obstacle to auto top-up, present or coming. */
export type Hindrance = {
  reason: NoReason
  /** When it may end by itself. */
  until: string | null
  /** Why the last charge failed, in words, and how many failed in a row. */
  failure: { reason: string; failures: number } | null
  /** The amount of the top-up that is under way. */
  amountNanos: bigint | null
}

export type ResumeCharge = { amountNanos: bigint; paymentMethodId: string }

/** Server actions. */
export type SettingsActions = {
  readUsage: (input: { poolId: string }) => Promise<ActionResult<UsageForDryRun>>
  saveSettings: (input: {
    poolId: string
    version: number
    enabled: boolean
    threshold: string
    amount: string
    cap: { version: number; amount: string | null }
    agreedCharge: { amount: string; paymentMethodId: string } | null
  }) => Promise<ActionResult<Saved>>
  resume: (input: {
    poolId: string
    agreedCharge: { amount: string; paymentMethodId: string } | null
  }) => Promise<ActionResult<Saved>>
  setDefault: ChangingActions["setDefault"]
} & AddingActions

export type ConfirmActions = {
  readAuthentication: (input: {
    poolId: string
  }) => Promise<ActionResult<{ clientSecret: string; paymentMethodId: string | null } | null>>
  finishAuthentication: (input: { poolId: string }) => Promise<ActionResult<{ creditedNanos: bigint | null }>>
}

export type SettingsDialogData = {
  poolId: string
  ownerName: string | null
  settings: Settings | null
  /** The methods on file, the default first. */
  methods: Method[]
  outlook: Outlook
  cap: Cap
  /** The figure above which a second person approves. Null: nobody has to. */
  approvalAboveNanos: bigint | null
  stripe: StripeConfig
  actions: SettingsActions
}
