import { DAY_MS } from "@/lib/clock"

export type Expiry = "valid" | "soon" | "expired"

const WARNING_MS = 30 * DAY_MS

/** A card works until the end of its month. Its owner is warned from 30 days before that. */
export function decideExpiry(
  { expMonth, expYear }: { expMonth: number; expYear: number },
  now: Date,
): Expiry {
  // Months count from zero here, so this is the first moment of the following month.
  const endMs = Date.UTC(expYear, expMonth, 1)
  if (now.getTime() >= endMs) return "expired"
  return now.getTime() >= endMs - WARNING_MS ? "soon" : "valid"
}

/** When a card expires. Null unless it is a card. */
export function cardOf({
  expMonth,
  expYear,
}: {
  expMonth: number | null
  expYear: number | null
}): { expMonth: number; expYear: number } | null {
  return expMonth === null || expYear === null ? null : { expMonth, expYear }
}
