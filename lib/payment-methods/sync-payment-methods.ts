import { beginSnapshot, claimSnapshot } from "@/lib/customers/snapshots"
import { findStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import type { Db, Tx } from "@/lib/db/client"
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
import { lockCurrentCustomer } from "./store"
import { writeCopy } from "./write-copy"

type Ctx = { db: Db; now: Date }
type Read = Pick<PaymentMethodsFound, "defaultId" | "creditNanos" | "methods">

/** Writes something in the transaction that makes the copy at least as new as this read. The customer is locked. */
type Alongside = (tx: Tx) => Promise<void>

const NOTHING: Read = { defaultId: null, creditNanos: 0n, methods: [] }

/**
 * Reads at Stripe what the team can be charged with and records it. Concurrent, late or repeated calls end in the
 * same copy, never an older one. A customer with payment methods but no default gets one, because a card saved while
 * buying is meant to be used. A missing customer is set aside. Throws `UnavailableError` if Stripe can't be asked.
 */
export async function syncPaymentMethods(ctx: Ctx, teamId: string, alongside?: Alongside): Promise<void> {
  const snapshot = { teamId, kind: "payment_methods" } as const
  const number = await beginSnapshot(ctx.db, snapshot)
  const customerId = await findStripeCustomer(ctx.db, teamId)
  const read = customerId === null ? NOTHING : await readWithDefault(customerId, ctx.now)
  if (read === null) {
    if (customerId) await retireStripeCustomer(ctx, customerId)
    return syncPaymentMethods(ctx, teamId, alongside)
  }
  const isCurrent = await ctx.db.$transaction(async (tx) => {
    if ((await lockCurrentCustomer(tx, teamId)) !== customerId) return false
    if (await claimSnapshot(tx, snapshot, number)) await write(tx, ctx, teamId, { ...read, customerId })
    await alongside?.(tx)
    return true
  })
  // The customer was created or replaced while we read.
  if (!isCurrent) await syncPaymentMethods(ctx, teamId, alongside)
}

async function write(
  tx: Tx,
  { now }: Ctx,
  teamId: string,
  read: Read & { customerId: string | null },
): Promise<void> {
  const before = await tx.paymentMethod.findFirst({
    where: { teamId, isDefault: true },
    select: { id: true },
  })
  await writeCopy(tx, teamId, read)
  // Another card may work where the last one didn’t.
  if (read.defaultId && read.defaultId !== before?.id) await makeDueByNewCard(tx, teamId, now)
}

/**
 * The same after something that has already happened at Stripe: an outage now undoes nothing, and Stripe's event
 * brings the copy up to date. Returns whether it is up to date now.
 */
export async function syncOrWaitForEvent(ctx: Ctx, teamId: string, alongside?: Alongside): Promise<boolean> {
  try {
    await syncPaymentMethods(ctx, teamId, alongside)
    return true
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    log().warn({ team: teamId }, "The copy of the payment methods waits for Stripe's event")
    return false
  }
}

/** Null when Stripe no longer has the customer. */
async function readWithDefault(customerId: string, now: Date): Promise<Read | null> {
  const read = answerForReader(await readPaymentMethods(customerId))
  if (read.kind === "missing") return null
  if (read.defaultId !== null || read.methods.length === 0) return read
  const payments = answerForReader(await readSubscriptionPayments(customerId))
  const alreadyPaying = payments.kind === "found" ? payments.ownPaymentMethodIds : []
  const chosen = chooseDefault(read.methods, { alreadyPaying, now })
  if (!chosen) return read
  const outcome = answerForReader(await setDefaultPaymentMethod(customerId, chosen.id))
  // It was detached after the read. The event about that leads here again.
  return outcome.kind === "missing" ? read : { ...read, defaultId: chosen.id }
}
