import { type BillingDetails, getBillingDetails, toCustomerDetails } from "@/lib/customers/billing-details"
import {
  findStripeCustomer,
  requireStripeCustomer,
  retireStripeCustomer,
} from "@/lib/customers/stripe-customer"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { type CustomerDetails, saveCustomerDetails } from "@/lib/stripe/billing-details"
import { answerForReader } from "@/lib/stripe/outcome"
import { getOwnerEmail } from "@/lib/teams/queries"
import { inLockedTeam, recordTeamChange, type TeamSettingsCtx } from "./ctx"

const NOTHING_SAVED = "Nothing was saved."

/**
 * Saves what the team's receipts and invoices say, and where they go: at Stripe, which judges the tax id, and then in our
 * copy. Owners and Admins only. Throws `InvalidInputError` for a tax id that Stripe refuses, and `UnavailableError`, with
 * our copy unchanged, if Stripe can't be asked.
 */
export async function saveBillingDetails(ctx: TeamSettingsCtx, details: BillingDetails): Promise<void> {
  const { team, now } = ctx
  // Asked before Stripe is, and once more when it is written.
  const { name } = await inLockedTeam(ctx, "team:manage", (tx) =>
    tx.team.findUniqueOrThrow({ where: { id: team.id }, select: { name: true } }),
  )
  await saveAtStripe(ctx, { name, details })
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
  })
}

async function saveAtStripe(
  ctx: TeamSettingsCtx,
  { name, details }: { name: string; details: BillingDetails },
): Promise<void> {
  const { db, team } = ctx
  const owner = { id: team.id, name, email: await getOwnerEmail(db, team.id) }
  const wanted = toCustomerDetails(details, owner)
  // A team that has bought nothing yet becomes a customer only for what Stripe has to judge.
  if (wanted.taxId === null && (await findStripeCustomer(db, team.id)) === null) return
  const first = await saveForTeam(ctx, owner, wanted)
  const outcome = first.kind === "customer_missing" ? await saveForTeam(ctx, owner, wanted) : first
  switch (answerForReader(outcome, NOTHING_SAVED).kind) {
    case "saved":
      return
    case "tax_id_refused":
      throw new InvalidInputError("This isn’t a valid tax ID of this kind.", "taxIdValue")
    case "customer_missing":
      throw new ConflictError(`Stripe doesn’t know your team any more. ${NOTHING_SAVED} Try again.`)
  }
}

/** A customer that is gone at Stripe is set aside, so that the next try makes another. */
async function saveForTeam(
  ctx: TeamSettingsCtx,
  owner: { id: string; name: string; email: string },
  wanted: CustomerDetails,
) {
  const customerId = await requireStripeCustomer(ctx, owner)
  const outcome = await saveCustomerDetails(customerId, wanted)
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
