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

/** After how many days a key may expire. */
export const EXPIRY_DAYS = [7, 30, 90, 365] as const
/** Absent: never. */
const expiresInDaysSchema = z.literal(EXPIRY_DAYS, "Choose when the key expires.").optional()

/** For how many hours a rolled key's old secret goes on working. */
export const OVERLAP_HOURS = [0, 1, 24, 168] as const

export const createApiKeySchema = z.strictObject({
  name: apiKeyNameSchema,
  scopes: apiKeyScopesSchema,
  expiresInDays: expiresInDaysSchema,
})

export const renameApiKeySchema = z.strictObject({ apiKeyId: publicIdSchema("key"), name: apiKeyNameSchema })

export const rollApiKeySchema = z.strictObject({
  apiKeyId: publicIdSchema("key"),
  overlapHours: z.literal(OVERLAP_HOURS, "Choose how long the old secret works."),
  expiresInDays: expiresInDaysSchema,
})

export const revokeApiKeySchema = z.strictObject({ apiKeyId: publicIdSchema("key") })

/** A new key. Its text is known only now. */
export type CreatedApiKey = { apiKeyId: string; apiKey: string }
