import { MAX_NANOS, NANOS_PER_USD, parseUsd } from "@/lib/money/usd"
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

export const deleteTeamSchema = z.strictObject({ name: z.string().max(1_000) })
