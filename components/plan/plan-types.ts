import type { StripeConfig } from "@/components/stripe/stripe-config"
import type { SoldPlan, StartedSubscription, SubscriptionProgress } from "@/lib/billing/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type PlanOption = {
  plan: SoldPlan
  name: string
  /** The monthly price of a member. */
  monthlyNanos: bigint
  /** The benefits for each member, in a few words each. */
  gives: string[]
}

/** Server actions. */
export type SubscribeActions = {
  startSubscription: (input: {
    plan: SoldPlan
    quantity: number
  }) => Promise<ActionResult<StartedSubscription>>
  confirmSubscription: (input: Record<string, never>) => Promise<ActionResult<SubscriptionProgress>>
}

export type OpenPortal = () => Promise<ActionResult<{ url: string }>>

export type SubscribeOffer = {
  options: PlanOption[]
  /** The number of members. Each is paid for. */
  quantity: number
  stripe: StripeConfig
  supportHref: string | null
  actions: SubscribeActions
}
