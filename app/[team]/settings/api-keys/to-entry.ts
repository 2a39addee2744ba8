import type { ApiKeyEntry, Expiry } from "@/components/api-keys/api-key-types"
import type { ApiKey } from "@/lib/api-keys/queries"
import { EXPIRY_DAYS } from "@/lib/api-keys/schema"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { isEndOfUtcDay, utcDayOf } from "@/lib/utc-day"

/** Returns what the page shows of a key. */
export function toEntry({ secretSince, ...key }: ApiKey, now: Date): ApiKeyEntry {
  const { expiresAt } = key
  return {
    ...key,
    id: toPublicId("key", key.id),
    createdAt: key.createdAt.toISOString(),
    revokedAt: key.revokedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    hasExpired: expiresAt !== null && expiresAt <= now,
    expiry: expiresAt ? chosenExpiry(expiresAt, secretSince) : {},
    oldSecrets: key.oldSecrets.map((secret) => ({
      last4: secret.last4,
      worksUntil: secret.worksUntil.toISOString(),
    })),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}

/** A time that nobody could choose any more, such as one of an earlier list of days, is taken for its day. */
function chosenExpiry(expiresAt: Date, since: Date): Expiry {
  const days = Math.round((expiresAt.getTime() - since.getTime()) / DAY_MS)
  const expiresInDays = isEndOfUtcDay(expiresAt) ? undefined : EXPIRY_DAYS.find((each) => each === days)
  return expiresInDays === undefined ? { expiresOn: utcDayOf(expiresAt) } : { expiresInDays }
}
