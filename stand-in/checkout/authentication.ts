import type Stripe from "stripe"
import type { AnyIntent } from "../payments/client-secret"
import type { AttemptOutcome } from "../payments/payments"
import type { World } from "../world/world"
import { concludeAuthentication, requireSessionIntent } from "./checkout"
import { concludeSetupAuthentication, setupOfSession } from "./checkout-setup"

/** Applies the answer on the bank's page, whatever the question was. */
export function answerBank(world: World, intent: AnyIntent, success: boolean): AttemptOutcome {
  return intent.object === "payment_intent"
    ? concludeAuthentication(world, intent, success)
    : concludeSetupAuthentication(world, intent, success)
}

/** Returns what the bank is asked about while a session waits. */
export function requireAskedIntent(world: World, session: Stripe.Checkout.Session): AnyIntent {
  return setupOfSession(world, session) ?? requireSessionIntent(world, session)
}
