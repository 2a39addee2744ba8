import { createHash } from "node:crypto"
import type Stripe from "stripe"
import { stripe } from "./client"
import type { CustomerMissing } from "./gateway"
import { asOutcome, isMissing, type Unanswered } from "./outcome"
import { type PlanPrice, requirePlanPrices } from "./plans"

/** `plan` may also change and cancel the subscription. `payment` covers payment methods and invoices only. */
export type PortalRights = "plan" | "payment"

/** Opens a visit to the Customer Portal, for one person and a short time. */
export async function openPortal(request: {
  customerId: string
  rights: PortalRights
  returnUrl: string
}): Promise<{ kind: "opened"; url: string } | CustomerMissing | Unanswered> {
  return asOutcome("open portal", async () => {
    const configuration = await requireConfiguration(request.rights)
    try {
      const { url } = await stripe().billingPortal.sessions.create({
        customer: request.customerId,
        configuration,
        return_url: request.returnUrl,
      })
      return { kind: "opened", url }
    } catch (error) {
      if (isMissing(error) && error.param === "customer") return { kind: "customer_missing" }
      throw error
    }
  })
}

export type PortalFeatures = Stripe.BillingPortal.ConfigurationCreateParams.Features

/**
 * Returns our configuration for these rights, created on first need and changed when the prices or these lines
 * change. Its metadata finds it, so that no id must be kept.
 */
async function requireConfiguration(rights: PortalRights): Promise<string> {
  const features = featuresOf(rights, rights === "plan" ? await requirePlanPrices() : [])
  const own = await listOwnConfigurations(rights)
  const known = own.find(({ metadata }) => metadata?.credits_portal_print === printOf(features))
  return known?.id ?? writeConfiguration(rights, features, own[0])
}

export function featuresOf(rights: PortalRights, prices: PlanPrice[]): PortalFeatures {
  return rights === "plan" ? planFeatures(prices) : PAYMENT_FEATURES
}

export async function listOwnConfigurations(
  rights: PortalRights,
): Promise<Stripe.BillingPortal.Configuration[]> {
  const { data } = await stripe().billingPortal.configurations.list({ active: true, limit: 100 })
  return data.filter((configuration) => configuration.metadata?.credits_portal === rights)
}

/** Creates the configuration for these rights, or changes the existing one. */
export async function writeConfiguration(
  rights: PortalRights,
  features: PortalFeatures,
  known?: { id: string },
): Promise<string> {
  const metadata = { credits_portal: rights, credits_portal_print: printOf(features) }
  const { configurations } = stripe().billingPortal
  if (known) return (await configurations.update(known.id, { features, metadata })).id
  const idempotencyKey = `portal_${rights}_${metadata.credits_portal_print}`
  return (await configurations.create({ features, metadata }, { idempotencyKey })).id
}

const printOf = (features: PortalFeatures) =>
  createHash("sha256").update(JSON.stringify(features)).digest("hex").slice(0, 32)

const PAYMENT_FEATURES: PortalFeatures = {
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  customer_update: { enabled: true, allowed_updates: ["name", "email", "address", "phone", "tax_id"] },
}

function planFeatures(prices: PlanPrice[]): PortalFeatures {
  return {
    ...PAYMENT_FEATURES,
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price"],
      products: prices.map(({ productId, priceId }) => ({ product: productId, prices: [priceId] })),
      // A larger plan is paid for at once. A smaller one waits until the paid period is over.
      proration_behavior: "always_invoice",
      schedule_at_period_end: { conditions: [{ type: "decreasing_item_amount" }] },
    },
  }
}
