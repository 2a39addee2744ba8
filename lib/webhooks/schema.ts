import { publicIdSchema } from "@/lib/ids"
import { NOTIFICATION_TYPES } from "@/lib/notifications/types"
import { z } from "@/lib/zod"

/** Enough for each of a team's systems to have its own. */
export const MAX_ENDPOINTS = 20

/** The types that can be sent: the same that people are told of. */
export const WEBHOOK_TYPES = NOTIFICATION_TYPES

const typesSchema = z
  .array(z.enum(WEBHOOK_TYPES), "Choose at least one.")
  .min(1, "Choose at least one.")
  .max(WEBHOOK_TYPES.length)
  .transform((types) => WEBHOOK_TYPES.filter((type) => types.includes(type)))
/** Checked more closely where it is saved. */
const urlSchema = z
  .string("Enter an address.")
  .trim()
  .min(1, "Enter an address.")
  .max(2_000, "Use at most 2,000 characters.")

export const createEndpointSchema = z.strictObject({ url: urlSchema, types: typesSchema })
export const endpointRefSchema = z.strictObject({ endpointId: publicIdSchema("whe") })
export const saveTypesSchema = z.strictObject({ endpointId: publicIdSchema("whe"), types: typesSchema })
export const setEnabledSchema = z.strictObject({ endpointId: publicIdSchema("whe"), enabled: z.boolean() })
export const redeliverSchema = z.strictObject({ deliveryId: publicIdSchema("msg") })

/** An endpoint’s secret, the only time that it is known. */
export type NewSecret = { endpointId: string; secret: string }
