import { z } from "zod"
import { OTHER_TYPES } from "../objects/other-methods"

export const authenticateSchema = z.strictObject({ outcome: z.enum(["complete", "fail"]) })

export const otherMethodSchema = z.strictObject({
  type: z.enum(OTHER_TYPES),
  email: z.string().nullable().default("owner@example.com"),
})

export const cardUpdateSchema = z.strictObject({
  exp_month: z.number().int().min(1).max(12).optional(),
  exp_year: z.number().int().min(2000).max(2099).optional(),
  /** True: the card's network has sent the new date, without anybody's action here. */
  automatic: z.boolean().default(false),
})
