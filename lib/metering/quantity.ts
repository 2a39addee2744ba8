import { CATALOG } from "@/lib/catalog/catalog"
import type { Consumable, ConsumableInfo } from "@/lib/catalog/schema"
import { InvalidInputError } from "@/lib/errors"

/**
 * The digits of a BIGINT. Longer texts are refused unread, because the time to read them grows with the square of
 * their length.
 */
const MAX_DIGITS = 19

/**
 * Parses the quantity of one usage record: a JSON integer, or a text of ASCII digits with at most the consumable's
 * decimals. Returns units x 10^decimals, above zero and within the catalog's maximum. Throws InvalidInputError on the
 * field `quantity` for everything else.
 */
export function parseQuantity(value: unknown, consumable: Consumable): bigint {
  const info = CATALOG.consumables[consumable]
  const quantity = typeof value === "number" ? fromNumber(value, info) : fromText(value, info)
  if (quantity <= 0n) throw notPositive()
  if (quantity > info.maxQuantity) throw tooLarge(info)
  return quantity
}

/** Formats a quantity for JSON, in units and without trailing zeros: 1500 with three decimals is `"1.5"`. */
export function formatQuantity(quantity: bigint, consumable: Consumable): string {
  const { decimals } = CATALOG.consumables[consumable]
  const sign = quantity < 0n ? "-" : ""
  const digits = (quantity < 0n ? -quantity : quantity).toString().padStart(decimals + 1, "0")
  const point = digits.length - decimals
  const fraction = digits.slice(point).replace(/0+$/, "")
  return `${sign}${digits.slice(0, point)}${fraction && `.${fraction}`}`
}

function fromNumber(value: number, info: ConsumableInfo): bigint {
  if (!Number.isFinite(value)) throw notAQuantity(info)
  if (value <= 0) throw notPositive()
  if (!Number.isInteger(value)) throw notWhole(info)
  // Above 2^53 a JSON number may already differ from what the client wrote.
  if (!Number.isSafeInteger(value)) throw tooLarge(info)
  return BigInt(value) * scaleOf(info)
}

function fromText(value: unknown, info: ConsumableInfo): bigint {
  const match = typeof value === "string" && /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(value)
  if (!match) throw notAQuantity(info)
  const [, sign, whole = "", fraction = ""] = match
  if (sign) throw notPositive()
  if (fraction.length > info.decimals) throw tooPrecise(info)
  if (whole.length > MAX_DIGITS) throw tooLarge(info)
  return BigInt(whole + fraction.padEnd(info.decimals, "0"))
}

function scaleOf(info: ConsumableInfo): bigint {
  return 10n ** BigInt(info.decimals)
}

function notAQuantity({ decimals, unit }: ConsumableInfo): InvalidInputError {
  const example = decimals > 0 ? '12 or "1.5"' : '12 or "12"'
  return refusal(`The quantity must be a number of ${unit.many} in plain digits, such as ${example}.`)
}

function notPositive(): InvalidInputError {
  return refusal("The quantity must be more than zero.")
}

function notWhole({ decimals, unit }: ConsumableInfo): InvalidInputError {
  return decimals > 0
    ? refusal('Send decimals as a string, such as "1.5": a JSON number of them may not be exact.')
    : refusal(`The quantity must be a whole number of ${unit.many}.`)
}

function tooPrecise(info: ConsumableInfo): InvalidInputError {
  return info.decimals > 0
    ? refusal(`The quantity may have at most ${info.decimals} decimals.`)
    : notWhole(info)
}

function tooLarge(info: ConsumableInfo): InvalidInputError {
  const maximum = (info.maxQuantity / scaleOf(info)).toLocaleString("en-US")
  return refusal(`One record may have at most ${maximum} ${info.unit.many}; send the rest in another.`)
}

function refusal(title: string): InvalidInputError {
  return new InvalidInputError(title, "quantity")
}
