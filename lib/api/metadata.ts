import { InvalidInputError } from "@/lib/errors"
import { isObject } from "./read-json"

const MAX_KEYS = 20
const MAX_KEY_LENGTH = 40
const MAX_TEXT_LENGTH = 500
const MAX_BYTES = 4_096

/**
 * Returns a record's metadata as canonical JSON with sorted keys, so that equal metadata has equal text. Refuses NUL
 * and half surrogate pairs, which PostgreSQL can't store.
 */
export function readMetadata(value: unknown): string {
  if (!isObject(value))
    throw new InvalidInputError("The metadata must be an object of names and plain values.")
  const keys = Object.keys(value).sort()
  if (keys.length > MAX_KEYS) throw new InvalidInputError(`The metadata may have at most ${MAX_KEYS} names.`)
  const text = `{${keys.map((key) => `${nameText(key)}:${valueText(key, value[key])}`).join(",")}}`
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new InvalidInputError("The metadata may have at most 4 KB as JSON. Keep it to ids.")
  return text
}

function nameText(key: string): string {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH || !isStorable(key))
    throw new InvalidInputError(`A name in the metadata must have 1 to ${MAX_KEY_LENGTH} characters.`)
  return JSON.stringify(key)
}

function valueText(key: string, value: unknown): string {
  const isPlain = value === null || typeof value === "boolean" || Number.isFinite(value)
  const isText = typeof value === "string" && value.length <= MAX_TEXT_LENGTH && isStorable(value)
  if (!isPlain && !isText)
    throw new InvalidInputError(
      `A value in the metadata must be a text of at most ${MAX_TEXT_LENGTH} characters, a number, true, false or null.`,
      key,
    )
  return JSON.stringify(value)
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0")
}
