import { publicIdSchema } from "@/lib/ids"
import { nameText } from "@/lib/name-text"
import { z } from "@/lib/zod"
import { API_KEY_SCOPES, toScopes } from "./scopes"

/** Enough for every program of a team to have its own, few enough to look through. */
export const MAX_ACTIVE_API_KEYS = 50
export const API_KEY_LIMIT_SENTENCE = `Your team has ${MAX_ACTIVE_API_KEYS} active keys, which is the limit. Revoke one to create another.`

/** The name that people give a key. */
export const apiKeyNameSchema = nameText({ max: 80 })

export const apiKeyScopesSchema = z
  .array(z.enum(API_KEY_SCOPES), "Choose at least one.")
  .min(1, "Choose at least one.")
  .max(API_KEY_SCOPES.length)
  .transform(toScopes)

export const createApiKeySchema = z.strictObject({ name: apiKeyNameSchema, scopes: apiKeyScopesSchema })

export const revokeApiKeySchema = z.strictObject({ apiKeyId: publicIdSchema("key") })

/** A new key. Its text is known only now. */
export type CreatedApiKey = { apiKeyId: string; apiKey: string }
