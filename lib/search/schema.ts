/** As long as the longest key under which usage can be reported. A longer text finds nothing. */
export const MAX_SEARCH_LENGTH = 255

/** The most that is found of each kind. */
export const MOST_FOUND = 8

/** A whole API key, of which only the last four characters are ever shown. */
const API_KEY = /^ck_[0-9a-z]{26}_[A-Za-z0-9_-]{39}([A-Za-z0-9_-]{4})$/
/** Marks that turn the direction of a text. They come along when a name is copied from a page, and show nothing. */
const DIRECTION_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g
/** Control characters and halves of characters, which the database refuses or reads as something else. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu

/**
 * Returns what to look for, empty for nothing. Of a whole API key only its visible end is left, so that a secret pasted
 * by mistake goes nowhere.
 */
export function toSearchText(typed: string): string {
  const text = typed.normalize("NFC").replace(DIRECTION_MARKS, "").replace(CONTROLS, " ").trim()
  return text.replace(API_KEY, "ck_…$1")
}
