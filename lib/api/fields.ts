import { z } from "@hono/zod-openapi"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { clock, DAY_MS, MINUTE_MS } from "@/lib/clock"
import { InvalidInputError } from "@/lib/errors"
import { fromPublicId } from "@/lib/ids"
import { parseQuantity } from "@/lib/metering/quantity"
import type { Cause } from "@/lib/metering/resolve-payer"
import { fromDecimalString, NANOS_PER_USD } from "@/lib/money/usd"
import { DEFAULT_TRIGGER, TRIGGERS, type Trigger } from "@/lib/pools/triggers"
import { readInstant } from "./instant"
import { readMetadata } from "./metadata"
import { readBy } from "./parse"

const MAX_AGE_MS = 35 * DAY_MS
const MAX_AHEAD_MS = 5 * MINUTE_MS

export const consumableField = z
  .enum(CONSUMABLE_CODES, { error: `Name what was used: ${CONSUMABLE_CODES.join(", ")}.` })
  .openapi("Consumable", { description: "The kind of usage." })

export const triggerField = z
  .enum(TRIGGERS, { error: `Choose one of ${TRIGGERS.join(", ")}.` })
  .openapi("Trigger", {
    description: `The trigger, which decides who pays. Without one it is ${DEFAULT_TRIGGER}. “user” needs a user.`,
  })

/** Parsed together with its consumable, which says how many decimals it may have. */
export const quantityField = z
  .custom<unknown>((value) => value !== undefined, "Say how much was used.")
  .openapi({
    description: "How much, in the units of the consumable, above zero: an integer, or a text with decimals.",
    type: ["integer", "string"],
    oneOf: [
      { type: "integer", minimum: 1 },
      { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?$" },
    ],
    examples: [18250, "2.5"],
  })

/** Parses an object's quantity by its consumable. */
export function withQuantity(
  { consumable, quantity }: { consumable: Consumable; quantity: unknown },
  ctx: z.RefinementCtx,
): { consumable: Consumable; quantity: bigint } {
  try {
    return { consumable, quantity: parseQuantity(quantity, consumable) }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    ctx.addIssue({ code: "custom", message: error.title, path: ["quantity"] })
    return z.NEVER
  }
}

export const userField = readBy(readUser).openapi({
  type: "string",
  description: "The member who caused it: the public id, or the email address.",
  example: "member_01m7y76adre8hs54n59w3dx90w",
})

export const occurredAtField = readBy(readOccurredAt).openapi({
  type: "string",
  format: "date-time",
  description: "When it happened, if not now: at most 35 days ago. It is charged at today’s rate.",
})

export const metadataField = readBy(readMetadata).openapi({
  type: "object",
  maxProperties: 20,
  additionalProperties: { type: ["string", "number", "boolean", "null"], maxLength: 500 },
  description: "Names and plain values of your own, kept with the record: at most 20, and 4 KB together.",
})

export const instantField = readBy(readInstant).openapi({ type: "string", format: "date-time" })

export const amountField = readBy(readAmount).openapi({ type: "string", example: "-0.05" })

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/
export const KEY_RULE = "1 to 255 printable ASCII characters"

/** Whether the text can be an operation's key, which a header must carry unchanged. */
export function isRequestKey(text: string): boolean {
  return KEY.test(text)
}

export const keyField = z
  .string({ error: "Give each record a key of its own." })
  .regex(KEY, `A key must have ${KEY_RULE}.`)
  .openapi({ description: "Your permanent name for this record: a key is charged once." })

/** Who caused it, as told by the caller. */
export function causeOf(input: { trigger?: Trigger; user?: string }, apiKeyId: string): Cause {
  return { trigger: input.trigger ?? DEFAULT_TRIGGER, user: input.user ?? null, apiKeyId }
}

function readUser(value: unknown): string {
  if (typeof value === "string" && value.length <= 320) {
    if (value.includes("@")) return value.toLowerCase()
    const id = fromPublicId("member", value)
    if (id !== null) return id
  }
  throw new InvalidInputError("Name a member of your team by ID (member_…) or email address.")
}

function readOccurredAt(value: unknown): Date {
  const at = readInstant(value)
  const age = clock.now().getTime() - at.getTime()
  if (age > MAX_AGE_MS) throw new InvalidInputError("Usage can be reported for the last 35 days only.")
  if (age < -MAX_AHEAD_MS) throw new InvalidInputError("This is more than five minutes in the future.")
  return at
}

const MAX_AMOUNT_NANOS = 9_000_000_000n * NANOS_PER_USD

/** Returns nanos of a signed amount in dollars, which may have fewer digits than the API's own. */
function readAmount(value: unknown): bigint {
  const match = typeof value === "string" && /^(-?[0-9]{1,10})(?:\.([0-9]{1,9}))?$/.exec(value)
  const [, whole = "", fraction = ""] = match || []
  const nanos = match ? fromDecimalString(`${whole}.${fraction.padEnd(2, "0")}`) : null
  if (nanos === null || nanos > MAX_AMOUNT_NANOS || nanos < -MAX_AMOUNT_NANOS)
    throw new InvalidInputError("Give an amount in US dollars with at most nine decimals, such as -0.05.")
  return nanos
}
