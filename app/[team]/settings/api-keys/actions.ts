"use server"

import { createApiKey as create } from "@/lib/api-keys/create-api-key"
import { renameApiKey as rename } from "@/lib/api-keys/rename-api-key"
import { revokeApiKey as revoke } from "@/lib/api-keys/revoke-api-key"
import { rollApiKey as roll } from "@/lib/api-keys/roll-api-key"
import {
  createApiKeySchema,
  renameApiKeySchema,
  revokeApiKeySchema,
  rollApiKeySchema,
} from "@/lib/api-keys/schema"
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

export const renameApiKey = memberAction({
  permission: "api-keys:manage",
  input: renameApiKeySchema,
  run: rename,
})

export const rollApiKey = memberAction({
  permission: "api-keys:manage",
  input: rollApiKeySchema,
  run: roll,
})
