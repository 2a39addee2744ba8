import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import { redirects } from "../objects/other-methods"
import type { World } from "../world/world"

type Owner = Pick<Stripe.PaymentIntent | Stripe.SetupIntent, "object" | "customer">

/** An intent may be for some types only, and one that sends nobody away takes no wallet that does. */
export function requireAllowed(
  intent: Pick<Stripe.PaymentIntent, "allowed_payment_method_types" | "automatic_payment_methods">,
  method: Stripe.PaymentMethod,
): void {
  const allowed = intent.allowed_payment_method_types
  const stays = intent.automatic_payment_methods?.allow_redirects === "never"
  if ((!allowed || allowed.includes(method.type)) && !(stays && redirects(method))) return
  throw invalidRequest(`The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent.`, {
    code: "payment_intent_incompatible_payment_method",
    param: "payment_method",
  })
}

/** A saved method pays and is set up for its own customer only. One that was used up or detached never works again. */
export function requireUsable(world: World, intent: Owner, method: Stripe.PaymentMethod): void {
  if (method.customer && method.customer !== intent.customer) {
    throw intent.customer ? ofAnother(intent.customer, method) : withoutCustomer(intent, method)
  }
  if (method.customer || !world.store.get("card", method.id)?.spent) return
  throw invalidRequest(
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
    { code: "payment_method_unexpected_state", param: "payment_method" },
  )
}

function ofAnother(customer: NonNullable<Owner["customer"]>, method: Stripe.PaymentMethod): Error {
  return invalidRequest(
    `The PaymentMethod ${method.id} does not belong to the Customer you supplied ${String(customer)}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
    { param: "payment_method" },
  )
}

function withoutCustomer({ object }: Owner, method: Stripe.PaymentMethod): Error {
  const owner = String(method.customer)
  if (object === "setup_intent") {
    return invalidRequest(
      `The payment method supplied (${method.id}) belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the SetupIntent.`,
      { param: "payment_method" },
    )
  }
  return invalidRequest(
    `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
    { code: "parameter_missing", param: "source" },
  )
}
