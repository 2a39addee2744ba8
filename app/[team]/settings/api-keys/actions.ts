"use server"

import { createApiKey as create } from "@/lib/api-keys/create-api-key"
import { revokeApiKey as revoke } from "@/lib/api-keys/revoke-api-key"
import { createApiKeySchema, revokeApiKeySchema } from "@/lib/api-keys/schema"
import { memberAction } from "@/lib/web/member-action"

export const createApiKey = memberAction({
  permission: "api-keys:manage",
  input: createApiKeySchema,
  run: ({ db, now, team, member }, input) => create({ db, now, team, actor: { memberId: member.id } }, input),
})

export const revokeApiKey = memberAction({
  permission: "api-keys:manage",
  input: revokeApiKeySchema,
  run: ({ db, now, team, member }, input) => revoke({ db, now, team, actor: { memberId: member.id } }, input),
})
