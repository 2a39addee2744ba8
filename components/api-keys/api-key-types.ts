import type { CreatedApiKey } from "@/lib/api-keys/schema"
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
}

export type CreateApiKey = (input: {
  name: string
  scopes: ApiKeyScope[]
}) => Promise<ActionResult<CreatedApiKey>>

export type RevokeApiKey = (input: { apiKeyId: string }) => Promise<ActionResult<void>>
