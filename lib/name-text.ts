import { z } from "zod"

// Bidirectional controls, which show a text in another order than it is stored, and characters that show nothing at
// all: two names could look the same. Joiners are checked separately, because scripts and emoji need them between
// characters.
const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E007F}]|\u034F|\u17B4|\u17B5|\u180E/u
const LOOSE_JOINER = /(^|\s|\p{Cf})[\u200C\u200D]|[\u200C\u200D]($|\s)/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A name that people give to something: on one line, trimmed, and made of visible characters. */
export function nameText({ max, missing = "Enter a name." }: { max: number; missing?: string }) {
  return z
    .string(missing)
    .normalize("NFC")
    .trim()
    .min(1, missing)
    .max(max, `Use at most ${max} characters.`)
    .refine(
      (text) => !HIDDEN.test(text) && !LOOSE_JOINER.test(text) && VISIBLE.test(text),
      "Use letters, digits and spaces.",
    )
}

/** The same where an empty text is none. */
export function optionalNameText({ max }: { max: number }) {
  return z
    .string("Enter a text.")
    .transform((text) => (text.trim() === "" ? null : text))
    .pipe(nameText({ max }).nullable())
}
