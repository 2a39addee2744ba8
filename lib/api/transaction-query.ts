import { z } from "@hono/zod-openapi"
import { EntryKind } from "@/lib/db/generated/enums"
import { InvalidInputError } from "@/lib/errors"
import { fromPublicId } from "@/lib/ids"
import type { TransactionFilter } from "@/lib/ledger/search-transactions"
import type { TeamContext } from "@/lib/metering/team-context"
import { amountField, consumableField, instantField, userField } from "./fields"
import { readBy } from "./parse"
import { limitField, memberIdOf } from "./usage-query"

const MAX_PAGE = 100
export const DEFAULT_PAGE = 50

const REFERENCE_RULE = "Give one reference of at most 255 characters."

// Included credits are usage, not transactions.
export const kindField = z.enum(EntryKind).exclude(["included_grant"])
export const KINDS = kindField.options
const oneKind = z.enum(KINDS, { error: `Choose among ${KINDS.join(", ")}.` })

export const transactionQuery = z.strictObject({
  cursor: z
    .string("Send one cursor.")
    .optional()
    .openapi({ description: "next_cursor of the page before, with the same filters." }),
  limit: limitField(MAX_PAGE, DEFAULT_PAGE),
  kind: z
    .union(
      [oneKind.transform((kind) => [kind]), z.array(oneKind).max(KINDS.length)],
      `Choose among ${KINDS.join(", ")}.`,
    )
    .optional()
    .openapi({
      type: "array",
      items: { type: "string", enum: KINDS },
      description: "May be repeated.",
    }),
  from: instantField.optional().openapi({ description: "Only transactions at or after this time." }),
  to: instantField.optional().openapi({ description: "Only transactions before this time." }),
  min_amount: amountField.optional().openapi({
    description: "Only amounts of at least this, as in the answer: what was taken is negative.",
  }),
  max_amount: amountField.optional().openapi({
    description: "Only amounts of at most this. Without min_amount, -10 finds what took ten dollars or more.",
  }),
  consumable: consumableField.optional().openapi({ description: "Only usage of this, and its corrections." }),
  user: userField.optional().openapi({
    description: "Only usage of this member, and its corrections: the public id, or the email address.",
  }),
  api_key: readBy(readApiKeyId).optional().openapi({
    type: "string",
    description: "Only usage that this key (key_…) reported, and its corrections.",
  }),
  reference: z.string(REFERENCE_RULE).min(1, REFERENCE_RULE).max(255, REFERENCE_RULE).optional().openapi({
    description:
      "Finds transactions by what they belong to, without any other filter: an entry (ent_…), a purchase (pur_…), its payment at Stripe (pi_…), or the key of a usage record.",
  }),
})

function readApiKeyId(value: unknown): string {
  const id = typeof value === "string" ? fromPublicId("key", value) : null
  if (id === null) throw new InvalidInputError("Name an API key by its ID (key_…).")
  return id
}

type Chosen = Omit<z.output<typeof transactionQuery>, "cursor" | "limit" | "reference">

/** Returns the filter that a query asks for. */
export function transactionFilter(team: TeamContext, chosen: Chosen): TransactionFilter {
  const { kind, from, to, consumable, user } = chosen
  return {
    ...{ kinds: kind, from, to, consumable, apiKeyId: chosen.api_key },
    ...{ minNanos: chosen.min_amount, maxNanos: chosen.max_amount },
    memberId: user === undefined ? undefined : memberIdOf(team, user),
  }
}

/** Names the list that a cursor belongs to: the pool and, if there is one, the filter. */
export function listOf(poolId: string, filter: TransactionFilter): string {
  const conditions = Object.entries(filter).filter(([, value]) => value !== undefined)
  return [poolId, ...conditions.map(([name, value]) => `${name} ${textOf(value)}`)].join("\n")
}

const textOf = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value))
