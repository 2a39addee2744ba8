import { publicIdSchema } from "@/lib/ids"
import { z } from "@/lib/zod"
import { CHANNELS, NOTIFICATION_TYPES, NOTIFICATIONS } from "./types"

export const savePreferenceSchema = z
  .strictObject({ type: z.enum(NOTIFICATION_TYPES), channel: z.enum(CHANNELS), enabled: z.boolean() })
  .refine(({ type, enabled }) => enabled || NOTIFICATIONS[type].canBeSilenced, "This can’t be turned off.")

/** The notifications that were read, or all of them. */
export const markReadSchema = z.strictObject({
  notificationIds: z.union([z.literal("all"), z.array(publicIdSchema("ntf")).min(1).max(50)]),
})
