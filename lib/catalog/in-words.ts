import { formatUsd, NANOS_PER_CENT } from "@/lib/money/usd"
import { CATALOG, isConsumable } from "./catalog"
import type { ConsumableInfo } from "./schema"

/** Returns a quantity with its unit: `12,500,000 tokens`, `1.5 hours`. A consumable that no longer exists has none. */
export function quantityInWords(quantity: bigint, code: string): string {
  const info = consumableOf(code)
  if (!info) return quantity.toLocaleString("en-US")
  const units = unitsOf(quantity, info)
  return `${units} ${units === "1" ? info.unit.one : info.unit.many}`
}

/** Returns a quantity in units alone: `12,500,000`, `1.5`. */
export function unitsOf(quantity: bigint, { decimals }: { decimals: number }): string {
  const scale = 10n ** BigInt(decimals)
  const fraction = String(quantity % scale)
    .padStart(decimals, "0")
    .replace(/0+$/, "")
  return `${(quantity / scale).toLocaleString("en-US")}${fraction && decimals > 0 ? `.${fraction}` : ""}`
}

/** Returns a rate with its unit: `$4.00 per million tokens`, `$0.60 per hour`. */
export function rateInWords(rateNanos: bigint, code: string): string {
  const base = rateBaseOf([rateNanos], consumableOf(code)?.unit ?? { one: "unit", many: "units" })
  return `${priceOf(rateNanos, base)} ${base.words}`
}

export type RateBase = { units: bigint; words: string }

/** A price below a cent is hard to read and to compare. */
const LEAST_PRICE_NANOS = NANOS_PER_CENT

/** Returns how many units rates that stand beside each other are best said for: the fewest that all cost a cent. */
export function rateBaseOf(ratesNanos: bigint[], { one, many }: ConsumableInfo["unit"]): RateBase {
  const cost = (units: bigint) => ratesNanos.every((rateNanos) => rateNanos * units >= LEAST_PRICE_NANOS)
  if (cost(1n)) return { units: 1n, words: `per ${one}` }
  return cost(1_000n)
    ? { units: 1_000n, words: `per thousand ${many}` }
    : { units: 1_000_000n, words: `per million ${many}` }
}

/** Returns the price of a base's units, with all its digits: `$4.00`. */
export function priceOf(rateNanos: bigint, { units }: RateBase): string {
  return formatUsd(rateNanos * units, { precision: "exact" })
}

function consumableOf(code: string): ConsumableInfo | null {
  return isConsumable(code) ? CATALOG.consumables[code] : null
}
