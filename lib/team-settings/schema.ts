import { addressSchema } from "@/lib/mail/address"
import { MAX_NANOS, NANOS_PER_USD, parseUsd } from "@/lib/money/usd"
import { optionalNameText } from "@/lib/name-text"
import { TAX_ID_TYPES } from "@/lib/stripe/tax-id-types"
import { teamNameSchema } from "@/lib/teams/schema"
import { isTimeZone } from "@/lib/time-zone"
import { z } from "@/lib/zod"

export const renameTeamSchema = z.strictObject({ name: teamNameSchema })

const SLUG_RULE = "Use 2 to 48 small letters, digits and single hyphens between them."

export const changeSlugSchema = z.strictObject({
  slug: z
    .string(SLUG_RULE)
    .trim()
    .min(2, SLUG_RULE)
    .max(48, SLUG_RULE)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, SLUG_RULE),
})

export const teamTimeZoneSchema = z.strictObject({
  timeZone: z.string().max(64).refine(isTimeZone, "Choose a time zone of the list.").nullable(),
})

/** Far above any balance that somebody watches by hand. */
const MAX_THRESHOLD_NANOS = 1_000_000n * NANOS_PER_USD
const THRESHOLD_RULE = "Enter an amount from $0.00 to $1,000,000.00."

/** Takes an amount in USD as people type it, and outputs nanos. */
export const lowBalanceSchema = z.strictObject({
  threshold: z
    .string(THRESHOLD_RULE)
    .max(40, THRESHOLD_RULE)
    .transform((text, ctx) => {
      const parsed = parseUsd(text)
      if (parsed.ok && parsed.nanos >= 0n && parsed.nanos <= MAX_THRESHOLD_NANOS && parsed.nanos <= MAX_NANOS)
        return parsed.nanos
      ctx.addIssue(
        !parsed.ok && parsed.reason === "too_precise" ? "Use at most two decimals." : THRESHOLD_RULE,
      )
      return z.NEVER
    }),
})

export const membersSeeCostsSchema = z.strictObject({ seesCosts: z.boolean() })

export const deleteTeamSchema = z.strictObject({ name: z.string().max(1_000) })

/** The countries of ISO 3166-1, in the order of their codes. */
export const COUNTRIES = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC " +
  "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD " +
  "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH " +
  "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW " +
  "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC " +
  "SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY " +
  "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
).split(" ")

/** A line of an address: empty is none. */
const line = (max: number) => optionalNameText({ max })

/** One of a list: empty is none. */
const oneOf = (list: readonly string[], rule: string) =>
  z
    .string(rule)
    .refine((text) => text === "" || list.includes(text), rule)
    .transform((text) => text || null)

const EMAIL_RULE = "Enter one email address."

/** An empty text is none. */
export const billingDetailsSchema = z
  .strictObject({
    email: z
      .string(EMAIL_RULE)
      .max(1_000, EMAIL_RULE)
      .transform((text, ctx) => {
        if (text.trim() === "") return null
        const address = addressSchema.safeParse(text)
        if (address.success) return address.data
        ctx.addIssue(EMAIL_RULE)
        return z.NEVER
      }),
    company: line(150),
    line1: line(200),
    line2: line(200),
    city: line(100),
    state: line(100),
    postalCode: line(20),
    country: oneOf(COUNTRIES, "Choose a country of the list."),
    taxIdType: oneOf(TAX_ID_TYPES, "Choose a kind of the list."),
    taxIdValue: line(50),
  })
  .superRefine((details, ctx) => {
    const { country, line1, line2, city, state, postalCode, taxIdType, taxIdValue } = details
    const issue = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message })
    if (country === null && [line1, line2, city, state, postalCode].some((part) => part !== null))
      issue("country", "Choose the country of the address.")
    if (taxIdType === null && taxIdValue !== null) issue("taxIdType", "Choose the kind of this tax ID.")
    if (taxIdType !== null && taxIdValue === null) issue("taxIdValue", "Enter the tax ID.")
  })
