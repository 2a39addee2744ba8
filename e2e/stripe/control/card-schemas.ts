import { z } from "zod"

export const authenticateSchema = z.strictObject({ outcome: z.enum(["complete", "fail"]) })

export const cardUpdateSchema = z.strictObject({
  exp_month: z.number().int().min(1).max(12).optional(),
  exp_year: z.number().int().min(2000).max(2099).optional(),
  /** True: the card's network has sent the new date, and nobody here did anything. */
  automatic: z.boolean().default(false),
})
