import { DAY_MS } from "@/lib/clock"
import { publicIdSchema } from "@/lib/ids"
import { nameText } from "@/lib/name-text"
import { isUtcDay, utcDayOf } from "@/lib/utc-day"
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

/** When a key is to expire: after some days, or at the end of a day (UTC). Neither: never. */
export type Expiry = { expiresInDays?: number | undefined; expiresOn?: string | undefined }

/** A key that is to last longer can have none. */
const MAX_YEARS = 5

/** Returns the first and the last day on which a key may expire: tomorrow and in five years (UTC). */
export function expiryDays(now: Date): { first: string; last: string } {
  const last = new Date(now)
  last.setUTCFullYear(now.getUTCFullYear() + MAX_YEARS)
  return { first: utcDayOf(new Date(now.getTime() + DAY_MS)), last: utcDayOf(last) }
}

/** Returns why a key can't expire on that day. Null if it can. */
export function expiryProblem(day: string, now: Date): string | null {
  const { first, last } = expiryDays(now)
  if (!isUtcDay(day)) return "Choose a day."
  if (day < first) return "Choose tomorrow or a later day (UTC)."
  return day > last ? "Choose a day within five years." : null
}

/** After how many days a key may expire. */
export const EXPIRY_DAYS = [7, 30, 90, 365] as const
const CHOOSE_EXPIRY = "Choose when the key expires."
/** Without either, never. The range of the day depends on the time, so the use case and the form check it. */
const EXPIRY = {
  expiresInDays: z.literal(EXPIRY_DAYS, CHOOSE_EXPIRY).optional(),
  expiresOn: z.string("Choose a day.").refine(isUtcDay, "Choose a day.").optional(),
}
const isOneExpiry = ({ expiresInDays, expiresOn }: Expiry) =>
  expiresInDays === undefined || expiresOn === undefined
const ONE_EXPIRY = { message: CHOOSE_EXPIRY, path: ["expiresOn"] }

/** For how many hours a rolled key's old secret goes on working. */
export const OVERLAP_HOURS = [0, 1, 24, 168] as const

export const createApiKeySchema = z
  .strictObject({ name: apiKeyNameSchema, scopes: apiKeyScopesSchema, ...EXPIRY })
  .refine(isOneExpiry, ONE_EXPIRY)

export const renameApiKeySchema = z.strictObject({ apiKeyId: publicIdSchema("key"), name: apiKeyNameSchema })

export const rollApiKeySchema = z
  .strictObject({
    apiKeyId: publicIdSchema("key"),
    overlapHours: z.literal(OVERLAP_HOURS, "Choose how long the old secret works."),
    ...EXPIRY,
  })
  .refine(isOneExpiry, ONE_EXPIRY)

export const revokeApiKeySchema = z.strictObject({ apiKeyId: publicIdSchema("key") })

/** A new key. Its text is known only now. */
export type CreatedApiKey = { apiKeyId: string; apiKey: string }
