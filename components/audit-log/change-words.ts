import { formatUsd, fromDecimalString } from "@/lib/money/usd"

type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }
type Values = Record<string, JsonValue> | null

/** One line of a row: `Amount: $50.00 → $75.00`. `from` is null where only the new value is known. */
export type Change = { name: string; from: string | null; to: string | null }

/** Says what a deed changed. A value that stayed the same isn't worth a line. */
export function describeChanges(before: Values, after: Values): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names.flatMap((name) => {
    const from = sideOf(before, name)
    const to = sideOf(after, name)
    return from === to ? [] : [{ name: inWords(name), from, to }]
  })
}

function sideOf(values: Values, name: string): string | null {
  const value = values?.[name]
  return value === undefined ? null : sayValue(value)
}

/** An exact amount, as they are all stored. */
const AMOUNT = /^-?\d+\.\d{2,9}$/

const KNOWN: Record<string, string> = { OWNER: "Owner", ADMIN: "Admin", MEMBER: "Member" }

function sayValue(value: JsonValue): string {
  if (value === null) return "none"
  if (typeof value === "boolean") return value ? "yes" : "no"
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(sayValue).join(", ")
  if (typeof value === "object") return JSON.stringify(value)
  const text = String(value)
  return AMOUNT.test(text)
    ? formatUsd(fromDecimalString(text), { precision: "exact" })
    : (KNOWN[text] ?? text)
}

/** `low_balance_threshold` and `lowBalanceThreshold` both become `Low balance threshold`. */
function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
