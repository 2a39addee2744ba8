import { MINUTE_MS } from "@/lib/clock"
import { type BillingDetails, getBillingDetails } from "@/lib/customers/billing-details"
import { requireStripeCustomer, retireStripeCustomer } from "@/lib/customers/stripe-customer"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { enqueueCustomerDetails } from "@/lib/queue/enqueue-customer-details"
import { addTaxId } from "@/lib/stripe/billing-details"
import { answerForReader } from "@/lib/stripe/outcome"
import type { TaxIdType } from "@/lib/stripe/tax-id-types"
import { getOwnerEmail } from "@/lib/teams/queries"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

const NOTHING_SAVED = "Nothing was saved."

/** Long after every call to Stripe of the request has ended. */
const DELAY_MS = 2 * MINUTE_MS

type TaxId = { type: TaxIdType; value: string }

/**
 * Saves what the team's receipts and invoices say, and where they go. Owners and Admins only. Stripe judges another tax id
 * first; everything is sent to it by a job of the same transaction, so that of two saves at once the later one stands in
 * both places. Throws `InvalidInputError` for a tax id that Stripe refuses, and `UnavailableError`, with our copy
 * unchanged, if it can't be asked.
 */
export async function saveBillingDetails(ctx: TeamSettingsCtx, details: BillingDetails): Promise<void> {
  const { team, now } = ctx
  // Asked before Stripe is, and once more when it is written.
  const { name, taxId } = await inLockedTeam(ctx, "team:manage", async (tx) => {
    const { name } = await tx.team.findUniqueOrThrow({ where: { id: team.id }, select: { name: true } })
    const taxId = otherTaxId(await getBillingDetails(tx, team.id), details)
    // If this process dies after Stripe has the tax id, the job takes it away again.
    if (taxId) await enqueueCustomerDetails(tx, team.id, new Date(now.getTime() + DELAY_MS))
    return { name, taxId }
  })
  if (taxId) await requireTaxId(ctx, name, taxId)
  await inLockedTeam(ctx, "team:manage", async (tx) => {
    const former = await getBillingDetails(tx, team.id)
    const [before, after] = changesOf(former, details)
    if (Object.keys(after).length === 0) return
    const row = { ...details, updatedAt: now }
    await tx.billingDetails.upsert({
      where: { teamId: team.id },
      create: { teamId: team.id, ...row },
      update: row,
    })
    await recordTeamChange(tx, ctx, { kind: "team.billing_details_changed", name, before, after })
    await enqueueCustomerDetails(tx, team.id)
  })
}

/** Null if it is the same as before, or none. */
function otherTaxId(former: BillingDetails, { taxIdType, taxIdValue }: BillingDetails): TaxId | null {
  if (!taxIdType || !taxIdValue) return null
  if (former.taxIdType === taxIdType && former.taxIdValue === taxIdValue) return null
  return { type: taxIdType as TaxIdType, value: taxIdValue }
}

async function requireTaxId(ctx: TeamSettingsCtx, name: string, taxId: TaxId): Promise<void> {
  const { db, team } = ctx
  const owner = { id: team.id, name, email: await getOwnerEmail(db, team.id) }
  const first = await addForTeam(ctx, owner, taxId)
  const outcome = first.kind === "customer_missing" ? await addForTeam(ctx, owner, taxId) : first
  switch (answerForReader(outcome, NOTHING_SAVED).kind) {
    case "added":
      return
    case "tax_id_refused":
      throw new InvalidInputError("This isn’t a valid tax ID of this kind.", "taxIdValue")
    case "customer_missing":
      throw new ConflictError(`Stripe doesn’t know your team any more. ${NOTHING_SAVED} Try again.`)
  }
}

/** A customer that is gone at Stripe is set aside, so that the next try makes another. */
async function addForTeam(
  ctx: TeamSettingsCtx,
  owner: { id: string; name: string; email: string },
  taxId: TaxId,
) {
  const customerId = await requireStripeCustomer(ctx, owner)
  const outcome = await addTaxId(customerId, taxId)
  if (outcome.kind === "customer_missing") await retireStripeCustomer(ctx, customerId)
  return outcome
}

type Changes = Record<string, string | null>

/** Returns the fields that differ, as they were and as they are. */
function changesOf(former: BillingDetails, present: BillingDetails): [before: Changes, after: Changes] {
  const changed = (Object.keys(present) as (keyof BillingDetails)[]).filter(
    (field) => former[field] !== present[field],
  )
  const pick = (details: BillingDetails) =>
    Object.fromEntries(changed.map((field) => [snakeCase(field), details[field]]))
  return [pick(former), pick(present)]
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
