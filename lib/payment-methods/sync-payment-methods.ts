import { beginSnapshot, claimSnapshot } from "@/lib/customers/snapshots"
import { findStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db } from "@/lib/db/client"
import { UnavailableError } from "@/lib/errors"
import { log } from "@/lib/log"
import { answerForReader } from "@/lib/stripe/outcome"
import {
  type PaymentMethodsFound,
  readPaymentMethods,
  setDefaultPaymentMethod,
} from "@/lib/stripe/payment-methods"
import { readSubscriptionPayments } from "@/lib/stripe/subscription-payments"
import { makeDueByNewCard } from "@/lib/top-up-settings/make-due"
import { chooseDefault } from "./choose-default"
import { lockCurrentCustomer, writeCopy } from "./store"

type Ctx = { db: Db; now: Date }
type Read = Pick<PaymentMethodsFound, "defaultId" | "creditNanos" | "methods">

const NOTHING: Read = { defaultId: null, creditNanos: 0n, methods: [] }

/**
 * Reads what the team can be charged with at Stripe and writes it down. Several at once, late or repeated end in the same
 * copy, never an older one. A customer with payment methods but no default gets one: a card that was saved while buying
 * is to be used. A customer that is gone is set aside. Throws `UnavailableError` if Stripe can't be asked.
 */
export async function syncPaymentMethods(ctx: Ctx, teamId: string): Promise<void> {
  const snapshot = { teamId, kind: "payment_methods" } as const
  const number = await beginSnapshot(ctx.db, snapshot)
  const customerId = await findStripeCustomer(ctx.db, teamId)
  const read = customerId === null ? NOTHING : await readWithDefault(customerId, ctx.now)
  if (read === null) {
    if (customerId) await retireStripeCustomer(ctx, customerId)
    return syncPaymentMethods(ctx, teamId)
  }
  const isCurrent = await ctx.db.$transaction(async (tx) => {
    if ((await lockCurrentCustomer(tx, teamId)) !== customerId) return false
    if (!(await claimSnapshot(tx, snapshot, number))) return true
    const before = await tx.paymentMethod.findFirst({
      where: { teamId, isDefault: true },
      select: { id: true },
    })
    await writeCopy(tx, teamId, { ...read, customerId })
    // Another card may do what the last one couldn’t.
    if (read.defaultId && read.defaultId !== before?.id) await makeDueByNewCard(tx, teamId, ctx.now)
    return true
  })
  // The customer was made or replaced while we read.
  if (!isCurrent) await syncPaymentMethods(ctx, teamId)
}

/**
 * The same after something that has happened at Stripe already: an outage now takes nothing back, and the event that
 * Stripe sends about it brings the copy up to date.
 */
export async function syncOrWaitForEvent(ctx: Ctx, teamId: string): Promise<void> {
  try {
    await syncPaymentMethods(ctx, teamId)
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    log().warn({ team: teamId }, "The copy of the payment methods waits for Stripe's event")
  }
}

/** Null: Stripe has no such customer any more. */
async function readWithDefault(customerId: string, now: Date): Promise<Read | null> {
  const read = answerForReader(await readPaymentMethods(customerId))
  if (read.kind === "missing") return null
  if (read.defaultId !== null || read.methods.length === 0) return read
  const payments = answerForReader(await readSubscriptionPayments(customerId))
  const alreadyPaying = payments.kind === "found" ? payments.ownPaymentMethodIds : []
  const chosen = chooseDefault(read.methods, { alreadyPaying, now })
  if (!chosen) return read
  const outcome = answerForReader(await setDefaultPaymentMethod(customerId, chosen.id))
  // Detached since it was read: the event about that leads here again.
  return outcome.kind === "missing" ? read : { ...read, defaultId: chosen.id }
}
