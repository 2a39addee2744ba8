import type { z } from "zod"
import type { WireInvoice, WireSubscription } from "../world/billing-tables"
import type { ControlCall } from "./call"
import type { cancelSchema, planSchema, renewSchema, statusSchema } from "./subscription-schemas"

export function subscriptionControls(call: ControlCall) {
  const at = (subscription: string, what: string) => `/subscriptions/${subscription}/${what}`
  return {
    renewSubscription: (subscription: string, input: z.input<typeof renewSchema> = {}) =>
      call<{ subscription: WireSubscription; invoice: WireInvoice }>(
        "POST",
        at(subscription, "renew"),
        input,
      ),
    changePlan: (subscription: string, input: z.input<typeof planSchema>) =>
      call<WireSubscription>("POST", at(subscription, "plan"), input),
    cancelSubscription: (subscription: string, input: z.input<typeof cancelSchema> = {}) =>
      call<WireSubscription>("POST", at(subscription, "cancel"), input),
    setSubscriptionStatus: (subscription: string, status: z.input<typeof statusSchema>["status"]) =>
      call<WireSubscription>("POST", at(subscription, "status"), { status }),
  }
}
