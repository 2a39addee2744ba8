/**
 * US dollars as whole nanos: 1 USD = 10^9 nanos, always a `bigint`. Text comes in through `parseUsd`. It goes out to
 * people through `formatUsd` (amounts) and `formatBalance` (balances), and to JSON through `toDecimalString`.
 */

export const NANOS_PER_USD = 1_000_000_000n
export const NANOS_PER_CENT = 10_000_000n

/** The largest amount that PostgreSQL's BIGINT holds. */
export const MAX_NANOS = 9_223_372_036_854_775_807n

export type ParsedUsd = { ok: true; nanos: bigint } | { ok: false; reason: "not_an_amount" | "too_precise" }

// `25`, `1234.5` or `1,234.50`, with or without a dollar sign. A leading zero before a comma would be a decimal
// comma.
const TYPED_AMOUNT =
  /^[ \t\u00a0]*\$?[ \t\u00a0]*([0-9]{1,9}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2})(?:\.([0-9]+))?[ \t\u00a0]*$/

/**
 * Parses an amount of whole dollars and cents that a person typed or copied from one of our pages: `25`, `25.5`,
 * `1,000.00`, `$1,000.00`, with spaces around. Commas count only where they separate thousands. Signs, exponents and
 * digits of other scripts are refused, because a reader and a parser might disagree about their meaning.
 */
export function parseUsd(text: string): ParsedUsd {
  const match = TYPED_AMOUNT.exec(text)
  if (!match?.[1]) return { ok: false, reason: "not_an_amount" }
  const fraction = match[2] ?? ""
  if (fraction.length > 2) return { ok: false, reason: "too_precise" }
  return {
    ok: true,
    nanos:
      BigInt(match[1].replaceAll(",", "")) * NANOS_PER_USD + BigInt(fraction.padEnd(2, "0")) * NANOS_PER_CENT,
  }
}

/** Formats the exact amount for JSON: at least two decimals, never a float. `-0.5` USD is `"-0.50"`. */
export function toDecimalString(nanos: bigint): string {
  const sign = nanos < 0n ? "-" : ""
  const magnitude = nanos < 0n ? -nanos : nanos
  const fraction = (magnitude % NANOS_PER_USD).toString().padStart(9, "0")
  return `${sign}${magnitude / NANOS_PER_USD}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, "")}`
}

/** Parses a decimal text that `toDecimalString` wrote. Throws for anything else. */
export function fromDecimalString(text: string): bigint {
  const match = /^(-?)([0-9]+)\.([0-9]{2,9})$/.exec(text)
  if (!match) throw new Error("Not an exact amount")
  const [, sign, whole = "", fraction = ""] = match
  const nanos = BigInt(whole) * NANOS_PER_USD + BigInt(fraction.padEnd(9, "0"))
  return sign ? -nanos : nanos
}

type FormatOptions = {
  /** `cents` rounds to the nearest cent. `exact` shows every digit. */
  precision?: "cents" | "exact"
  /** `always` puts a plus sign before what was added. */
  sign?: "auto" | "always"
}

const MINUS = "−"

/**
 * Formats an amount: a cost, or what came or went. `$1,234.56`, `−$0.42`, `+$25.00`, and with `precision: "exact"`
 * `−$0.000125`. Less than a cent is `<$0.01` in either direction, because a sign before it reads as an error and zero
 * would be false. For what is left, use `formatBalance`.
 */
export function formatUsd(nanos: bigint, { precision = "cents", sign = "auto" }: FormatOptions = {}): string {
  if (precision === "cents" && isUnderCent(nanos)) return `<${centsFormat.format("0.01")}`
  const magnitude = toDecimalString(nanos < 0n ? -nanos : nanos) as `${number}`
  const text = (precision === "exact" ? exactFormat : centsFormat).format(magnitude)
  // Zero has no sign: "−$0.00" doesn't exist.
  if (nanos === 0n) return text
  if (nanos < 0n) return `${MINUS}${text}`
  return sign === "always" ? `+${text}` : text
}

/** Whether it is something, yet less than a cent. */
export function isUnderCent(nanos: bigint): boolean {
  return nanos !== 0n && nanos > -NANOS_PER_CENT && nanos < NANOS_PER_CENT
}

/** Formats a balance, rounded down, so that it never promises a cent that isn't there. */
export function formatBalance(nanos: bigint): string {
  return formatUsd(shownBalance(nanos))
}

/** Returns a balance in whole cents as people see it, rounded down. A debt of less than a cent is none. */
export function shownBalance(nanos: bigint): bigint {
  if (nanos > -NANOS_PER_CENT && nanos < 0n) return 0n
  const part = nanos % NANOS_PER_CENT
  return nanos - part - (part < 0n ? NANOS_PER_CENT : 0n)
}

/** Whether a balance is a debt. Less than a cent can be neither seen nor repaid, so it is none. */
export function isDebt(balanceNanos: bigint): boolean {
  return balanceNanos <= -NANOS_PER_CENT
}

const centsFormat = usdFormat(2)
const exactFormat = usdFormat(9)

function usdFormat(maximumFractionDigits: number) {
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits,
  })
}
