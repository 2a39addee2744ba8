/**
 * The languages in which dates can be written, each by its own name. `en` is ours, written out in `format-time.ts`;
 * the others come from the runtime.
 */
export const DATE_LANGUAGES = {
  en: "English, day first",
  "en-US": "English, month first",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  it: "Italiano",
  ja: "日本語",
  nl: "Nederlands",
  pl: "Polski",
  pt: "Português",
} as const

export type DateLanguage = keyof typeof DATE_LANGUAGES

export function isDateLanguage(text: string | null | undefined): text is DateLanguage {
  return typeof text === "string" && Object.hasOwn(DATE_LANGUAGES, text)
}

/** Writes a day: `heute`, `Di.`, `3. Nov.`, `3. Nov. 2024`. */
export function dayIn(
  language: DateLanguage,
  at: Date,
  { zone, daysAgo, isThisYear }: { zone: string; daysAgo: number; isThisYear: boolean },
): string {
  if (Math.abs(daysAgo) <= 1)
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-daysAgo, "day")
  if (daysAgo > 1 && daysAgo < 7) return formatOf(language, { timeZone: zone, weekday: "short" }).format(at)
  const year = isThisYear ? {} : ({ year: "numeric" } as const)
  return formatOf(language, { timeZone: zone, day: "numeric", month: "short", ...year }).format(at)
}

/** `14:02`, `2:02 PM` */
export function clockIn(language: DateLanguage, at: Date, zone: string): string {
  return formatOf(language, { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(at)
}

/** `3. November 2026 um 15:02 MEZ` */
export function momentIn(language: DateLanguage, at: Date, zone: string): string {
  return formatOf(language, {
    timeZone: zone,
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(at)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Cached, because making one takes longer than everything else that a row of a list needs. */
export function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { calendar: "gregory", ...options })
  formats.set(key, made)
  return made
}
