"use server"

import { createApiKey as create } from "@/lib/api-keys/create-api-key"
import { revokeApiKey as revoke } from "@/lib/api-keys/revoke-api-key"
import { createApiKeySchema, revokeApiKeySchema } from "@/lib/api-keys/schema"
import { memberAction } from "@/lib/web/member-action"

export const createApiKey = memberAction({
  permission: "api-keys:manage",
  input: createApiKeySchema,
  run: create,
})

export const revokeApiKey = memberAction({
  permission: "api-keys:manage",
  input: revokeApiKeySchema,
  run: revoke,
})
