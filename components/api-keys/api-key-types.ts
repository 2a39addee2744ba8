import type { CreatedApiKey, EXPIRY_DAYS, OVERLAP_HOURS } from "@/lib/api-keys/schema"
import type { ApiKeyScope } from "@/lib/api-keys/scopes"
import type { ActionResult } from "@/lib/web/action-result"

export type ApiKeyEntry = {
  id: string
  name: string
  last4: string
  scopes: ApiKeyScope[]
  createdAt: string
  /** Null if the maker isn't known. */
  createdBy: { name: string; hasLeft: boolean } | null
  revokedAt: string | null
  /** Null: never. */
  expiresAt: string | null
  hasExpired: boolean
  /** When its present secret expires, as it was chosen. */
  expiry: Expiry
  oldSecrets: { last4: string; worksUntil: string }[]
  lastUsedAt: string | null
  spentThisMonthNanos: bigint
  /** Null: no limit. */
  limitNanos: bigint | null
}

/** After some days, or at the end of a day (UTC). Neither: never. */
export type Expiry = { expiresInDays?: (typeof EXPIRY_DAYS)[number]; expiresOn?: string }
export type OverlapHours = (typeof OVERLAP_HOURS)[number]

export type CreateApiKey = (
  input: { name: string; scopes: ApiKeyScope[] } & Expiry,
) => Promise<ActionResult<CreatedApiKey>>

export type RevokeApiKey = (input: { apiKeyId: string }) => Promise<ActionResult<void>>

export type RenameApiKey = (input: { apiKeyId: string; name: string }) => Promise<ActionResult<void>>

export type RollApiKey = (
  input: { apiKeyId: string; overlapHours: OverlapHours } & Expiry,
) => Promise<ActionResult<CreatedApiKey>>

export type ApiKeyActions = {
  renameApiKey: RenameApiKey
  rollApiKey: RollApiKey
  revokeApiKey: RevokeApiKey
}
