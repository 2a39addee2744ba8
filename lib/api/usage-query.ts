import { z } from "@hono/zod-openapi"
import { isConsumable } from "@/lib/catalog/catalog"
import { InvalidInputError } from "@/lib/errors"
import { formatQuantity } from "@/lib/metering/quantity"
import type { TeamContext } from "@/lib/metering/team-context"
import type { UsageFilter } from "@/lib/usage/filter"
import { MAX_DAYS } from "@/lib/usage/range"
import type { ApiCtx } from "./api-route"
import { consumableField, triggerField, userField } from "./fields"

const dayField = (description: string) =>
  z.string("Give one day, such as 2026-11-30.").optional().openapi({ format: "date", description })

const namedField = (name: "run" | "model") =>
  z
    .string(`Name one ${name}.`)
    .min(1, `Name one ${name}.`)
    .max(100, `Name a ${name} in at most 100 characters.`)
    // PostgreSQL keeps no text with NUL, so no usage has it.
    .refine((text) => !text.includes("\0"), `Name one ${name}.`)
    .optional()
    .openapi({ description: `Only usage whose metadata names this ${name}.` })

/** Chooses days and usage. A key sees what was reported with it, whoever paid. */
export const usageQuery = {
  from: dayField(`The first day in UTC; by default the 30th until the last. At most ${MAX_DAYS} days.`),
  to: dayField("The last day in UTC, included; by default today."),
  consumable: consumableField.optional(),
  user: userField
    .optional()
    .openapi({ description: "Only usage of this member: the public id, or the email address." }),
  trigger: triggerField.optional().openapi({ description: "Only usage with this trigger." }),
  run: namedField("run"),
  model: namedField("model"),
  cursor: z
    .string("Send one cursor.")
    .optional()
    .openapi({ description: "next_cursor of the page before, with the same filters." }),
}

/** Reads a page's size, as an integer from 1. */
export function limitField(most: number, byDefault: number) {
  const rule = `Choose a whole number from 1 to ${most}.`
  return z
    .string(rule)
    .regex(/^[1-9][0-9]{0,2}$/, rule)
    .transform(Number)
    .refine((limit) => limit <= most, rule)
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: most, default: byDefault })
}

type Narrowed = {
  consumable?: UsageFilter["consumable"]
  user?: string
  trigger?: string
  run?: string
  model?: string
}

/** Returns the filter of what the caller may see and wants to. */
export function filterOf({ team, apiKeyId }: ApiCtx, { user, ...rest }: Narrowed): UsageFilter {
  const { consumable, trigger, run, model } = rest
  const memberId = user === undefined ? undefined : memberIdOf(team, user)
  return { consumable, trigger, run, model, memberId, apiKeyId }
}

/** A member's id may be one of somebody who has left: their usage stays. An address is a present member's. */
export function memberIdOf(team: TeamContext, user: string): string {
  if (!user.includes("@")) return user
  const id = team.memberIdsByEmail.get(user)
  if (id === undefined)
    throw new InvalidInputError("No member of your team has this ID or email address.", "user")
  return id
}

/** Writes a quantity of a consumable. One that the catalog no longer has was counted in whole units. */
export function quantityText(quantity: bigint, consumable: string): string {
  return isConsumable(consumable) ? formatQuantity(quantity, consumable) : String(quantity)
}
