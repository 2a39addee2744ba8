import type Stripe from "stripe"
import { requireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import type { PaymentMethodCtx } from "@/lib/payment-methods/ctx"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import type { controlClient } from "@/stand-in/control/client"
import { stripeAt } from "@/stand-in/testing"
import type { TestMember, TestTeam } from "./teams"

type StripeWorld = { db: Db; stripe: { url: string } }
type Control = ReturnType<typeof controlClient>

/** The page's context for the team's Owner, unless told otherwise. */
export function methodCtx(
  world: { db: Db },
  team: TestTeam,
  { actor = team.owner, now = new Date(), db = world.db }: { actor?: TestMember; now?: Date; db?: Db } = {},
): PaymentMethodCtx {
  const { memberId, userId, email } = actor
  return { db, now, team, actor: { memberId, userId, email, address: `address of ${team.id}` } }
}

/** Returns the team's customer at Stripe, created if there is none. */
export function customerOf({ db }: { db: Db }, team: TestTeam): Promise<string> {
  return requireStripeCustomer({ db }, { id: team.id, name: team.name, email: team.owner.email })
}

/** Adds one of Stripe's test cards to the team's customer, as its dashboard would. Our copy doesn't know yet. */
export async function attachCard(
  world: StripeWorld,
  team: TestTeam,
  card = "pm_card_visa",
): Promise<Stripe.PaymentMethod> {
  const customer = await customerOf(world, team)
  return stripeAt(world.stripe.url).paymentMethods.attach(card, { customer })
}

/** The same with our copy brought up to date. The first card becomes the default. */
export async function addCard(world: StripeWorld, team: TestTeam, card = "pm_card_visa"): Promise<string> {
  const { id } = await attachCard(world, team, card)
  await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
  return id
}

/** Adds a card with the given date. */
export async function addCardUntil(
  world: StripeWorld,
  control: Control,
  team: TestTeam,
  { card = "pm_card_visa", month, year }: { card?: string; month: number; year: number },
): Promise<string> {
  const { id } = await attachCard(world, team, card)
  await control.updateCard(id, { exp_month: month, exp_year: year })
  await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
  return id
}

/** Returns Stripe's default, and every payment method of the customer. */
export async function readAtStripe(world: StripeWorld, team: TestTeam) {
  const stripe = stripeAt(world.stripe.url)
  const id = await customerOf(world, team)
  const customer = await stripe.customers.retrieve(id)
  if (customer.deleted) throw new Error("The customer is gone")
  const { data } = await stripe.customers.listPaymentMethods(id, { limit: 100 })
  return {
    defaultId: customer.invoice_settings.default_payment_method as string | null,
    ids: data.map((method) => method.id).sort(),
  }
}

/** Returns our copy in the same form. */
export async function readCopy({ db }: { db: Db }, team: TestTeam) {
  const rows = await db.paymentMethod.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })
  return { defaultId: rows.find(({ isDefault }) => isDefault)?.id ?? null, ids: rows.map(({ id }) => id) }
}
