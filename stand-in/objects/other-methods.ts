import type Stripe from "stripe"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

export const OTHER_TYPES = ["amazon_pay", "cashapp", "link", "us_bank_account"] as const

export type OtherType = (typeof OTHER_TYPES)[number]

/** Wallets that send their customer away to confirm, even where they are already saved. */
const REDIRECTING: string[] = ["amazon_pay", "cashapp"]

export function redirects(method: Stripe.PaymentMethod): boolean {
  return REDIRECTING.includes(method.type)
}

export function isBankDebit(method: Stripe.PaymentMethod): boolean {
  return method.type === "us_bank_account"
}

function bankAccount(): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: "company",
    account_type: "checking",
    bank_name: "STRIPE TEST BANK",
    financial_connections_account: null,
    fingerprint: "fpbank000006789",
    last4: "6789",
    networks: { preferred: "ach", supported: ["ach"] },
    routing_number: "110000000",
    status_details: null,
  }
}

const OWN_FIELDS = {
  amazon_pay: (): Partial<Stripe.PaymentMethod> => ({ amazon_pay: {} }),
  cashapp: (): Partial<Stripe.PaymentMethod> => ({ cashapp: { buyer_id: "buyer_test", cashtag: "$test" } }),
  link: (email: string | null): Partial<Stripe.PaymentMethod> => ({ link: { email } }),
  us_bank_account: (): Partial<Stripe.PaymentMethod> => ({ us_bank_account: bankAccount() }),
}

/** Creates a wallet or a bank account instead of a card. */
export function createOtherMethod(world: World, type: OtherType, email: string | null): Stripe.PaymentMethod {
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email,
      name: null,
      phone: null,
      tax_id: null,
    },
    ...OWN_FIELDS[type](email),
    created: world.clock.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
  }
  world.store.put("card", {
    id: method.id,
    number: "",
    authenticated: false,
    wantsAuthentication: false,
    spent: false,
  })
  return world.store.put("payment_method", method)
}

/** Returns what the charge says about it. Null for a card. */
export function otherChargeDetails({
  type,
}: Stripe.PaymentMethod): Stripe.Charge.PaymentMethodDetails | null {
  switch (type) {
    case "amazon_pay":
      return { type, amazon_pay: { transaction_id: newId("amzn") } }
    case "cashapp":
      return { type, cashapp: { buyer_id: "buyer_test", cashtag: "$test", transaction_id: newId("cash") } }
    case "link":
      return { type, link: { country: "US" } }
    case "us_bank_account": {
      const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } =
        bankAccount()
      return {
        type,
        us_bank_account: {
          account_holder_type,
          account_type,
          bank_name,
          fingerprint,
          last4,
          payment_reference: newId("ach"),
          routing_number,
        },
      }
    }
    default:
      return null
  }
}

export function otherSetupDetails({
  type,
}: Stripe.PaymentMethod): Stripe.SetupAttempt.PaymentMethodDetails | null {
  const isOther = OTHER_TYPES.find((each) => each === type)
  return isOther ? { type, [isOther]: {} } : null
}
