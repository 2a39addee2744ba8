import { THEMES } from "@/lib/auth/schema"
import { DATE_LANGUAGES, type DateLanguage } from "@/lib/date-languages"
import { addressSchema } from "@/lib/mail/address"
import { nameText } from "@/lib/name-text"
import { isTimeZone } from "@/lib/time-zone"
import { z } from "@/lib/zod"

export const renamePersonSchema = z.strictObject({ name: nameText({ max: 120 }) })

const EMAIL_RULE = "Enter one email address."

export const changeEmailSchema = z.strictObject({
  email: z
    .string(EMAIL_RULE)
    .max(1_000, EMAIL_RULE)
    .transform((text, ctx) => {
      const address = addressSchema.safeParse(text)
      if (address.success) return address.data
      ctx.addIssue(EMAIL_RULE)
      return z.NEVER
    }),
})

export const cancelEmailChangeSchema = z.strictObject({})

export const confirmEmailSchema = z.strictObject({ token: z.string().max(100) })

export const displaySchema = z.strictObject({
  theme: z.enum(THEMES),
  dateLanguage: z.enum(Object.keys(DATE_LANGUAGES) as [DateLanguage, ...DateLanguage[]]),
  timeZone: z.string().max(64).refine(isTimeZone, "Choose a time zone of the list.").nullable(),
})

export const deleteAccountSchema = z.strictObject({ email: z.string().max(1_000) })

/** Says why an account can't be deleted yet. */
export function ownedTeamsSentence(teams: string[]): string {
  const named = new Intl.ListFormat("en", { type: "conjunction" }).format(teams.map((name) => `“${name}”`))
  return `You own ${named}. Hand over ownership or delete ${teams.length === 1 ? "the team" : "these teams"} first.`
}
