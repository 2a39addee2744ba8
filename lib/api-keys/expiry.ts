import { DAY_MS } from "@/lib/clock"
import { InvalidInputError } from "@/lib/errors"
import { endOfUtcDay } from "@/lib/utc-day"
import { type Expiry, expiryProblem } from "./schema"

/** Returns when a secret made now ends. Null: never. Throws `InvalidInputError` for a day on which no key may expire. */
export function requireExpiry(now: Date, { expiresInDays, expiresOn }: Expiry): Date | null {
  if (expiresOn !== undefined) {
    const problem = expiryProblem(expiresOn, now)
    if (problem) throw new InvalidInputError(problem, "expiresOn")
    return endOfUtcDay(expiresOn)
  }
  return expiresInDays === undefined ? null : new Date(now.getTime() + expiresInDays * DAY_MS)
}
