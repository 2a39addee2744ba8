import type { DateLanguage } from "@/lib/date-languages"
import { publicIdSchema } from "@/lib/ids"
import { z } from "@/lib/zod"

export const endSessionSchema = z.strictObject({ sessionId: publicIdSchema("ses") })
export const signOutEverywhereSchema = z.strictObject({})

export const THEMES = ["system", "light", "dark"] as const

/** How a person wants pages to look. `timeZone`: null for the browser's. */
export type Display = {
  theme: (typeof THEMES)[number]
  dateLanguage: DateLanguage
  timeZone: string | null
}
