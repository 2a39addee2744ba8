import type { Plan } from "@/lib/db/generated/enums"
import { publicIdSchema } from "@/lib/ids"
import { z } from "@/lib/zod"

/** The plans that a team can subscribe to by itself, smallest first. */
export const SOLD_PLANS = ["build", "max", "business"] as const satisfies readonly Plan[]
export type SoldPlan = (typeof SOLD_PLANS)[number]

/** `quantity` is the number the person was shown. Members may have come or gone since. */
export const startSubscriptionSchema = z.strictObject({
  plan: z.enum(SOLD_PLANS, "Choose a plan."),
  quantity: z.int().min(1).max(100_000),
})

/** The pages of Billing that lead to the portal. */
export const PORTAL_TABS = ["payments", "plan"] as const

/** The portal leads back to the page that it was opened from, with the pool that was shown. */
export const openPortalSchema = z.strictObject({
  tab: z.enum(PORTAL_TABS),
  poolId: publicIdSchema("pool").nullable(),
})

export const confirmSubscriptionSchema = z.strictObject({})

export type StartedSubscription = { clientSecret: string }

export type SubscriptionProgress = { status: "subscribed"; plan: Plan } | { status: "processing" }
