import { z } from "zod"

/** A team's name as people type it: 1 to 60 characters, none of them control characters. */
export const teamNameSchema = z
  .string()
  .normalize("NFC")
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u)
