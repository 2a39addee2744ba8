import type { ApiKeyEntry } from "@/components/api-keys/api-key-types"
import type { ApiKey } from "@/lib/api-keys/queries"
import { EXPIRY_DAYS } from "@/lib/api-keys/schema"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"

/** Returns what the page shows of a key. */
export function toEntry({ secretSince, ...key }: ApiKey, now: Date): ApiKeyEntry {
  const { expiresAt } = key
  const days = expiresAt && Math.round((expiresAt.getTime() - secretSince.getTime()) / DAY_MS)
  return {
    ...key,
    id: toPublicId("key", key.id),
    createdAt: key.createdAt.toISOString(),
    revokedAt: key.revokedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    hasExpired: expiresAt !== null && expiresAt <= now,
    expiresInDays: EXPIRY_DAYS.find((each) => each === days),
    oldSecrets: key.oldSecrets.map((secret) => ({
      last4: secret.last4,
      worksUntil: secret.worksUntil.toISOString(),
    })),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}
