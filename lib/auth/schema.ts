import { publicIdSchema } from "@/lib/ids"
import { z } from "@/lib/zod"

export const endSessionSchema = z.strictObject({ sessionId: publicIdSchema("ses") })
export const signOutEverywhereSchema = z.strictObject({})
