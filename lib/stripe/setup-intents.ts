import { toPublicId } from "@/lib/ids"
import { stripe } from "./client"
import type { CustomerMissing } from "./gateway"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unanswered } from "./outcome"

/**
 * Starts adding a card that may be charged later without the customer present. A repeated request key returns the
 * same SetupIntent.
 */
export async function createSetupIntent(input: {
  teamId: string
  customerId: string
  requestKey: string
}): Promise<{ kind: "created"; clientSecret: string } | CustomerMissing | Unanswered> {
  const team = toPublicId("team", input.teamId)
  return asOutcome("create setup intent", async () => {
    try {
      const intent = await stripe().setupIntents.create(
        {
          customer: input.customerId,
          usage: "off_session",
          allowed_payment_method_types: ["card"],
          // Top-ups charge it when needed, not on a schedule.
          payment_method_options: { card: { setup_credential_usage: "unscheduled" } },
          metadata: { team_id: team },
        },
        // The key includes the customer, because it must be free again once a missing customer was replaced.
        { idempotencyKey: `setup_${team}_${input.customerId}_${input.requestKey}` },
      )
      if (!intent.client_secret) throw new Error("Stripe made a SetupIntent without a client secret")
      return { kind: "created", clientSecret: intent.client_secret }
    } catch (error) {
      if (isMissing(error) && error.param === "customer") return { kind: "customer_missing" }
      throw error
    }
  })
}

export type SetupFound = {
  kind: "found"
  customerId: string | null
  /** The saved method. Null as long as there is none. */
  paymentMethodId: string | null
}

export async function readSetupIntent(setupIntentId: string): Promise<SetupFound | Missing | Unanswered> {
  return asReadOutcome("read setup intent", async () => {
    const { customer, payment_method: method, status } = await stripe().setupIntents.retrieve(setupIntentId)
    const paymentMethodId = typeof method === "string" ? method : (method?.id ?? null)
    return {
      kind: "found",
      customerId: typeof customer === "string" ? customer : (customer?.id ?? null),
      paymentMethodId: status === "succeeded" ? paymentMethodId : null,
    }
  })
}
