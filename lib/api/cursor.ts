import { createHash } from "node:crypto"
import { InvalidInputError } from "@/lib/errors"

const CHECK_CHARACTERS = 8
const MAX_LENGTH = 400

/**
 * Encodes where the next page begins, as a text that means nothing to its reader. It fits only the list that it was made for,
 * which `list` names with its filters.
 */
export function encodeCursor(list: unknown, place: string): string {
  return checkOf(list, place) + Buffer.from(place).toString("base64url")
}

/**
 * Decodes it again. Refuses a cursor of another list, one with other filters, and one that was changed. Whoever makes
 * one up can name any place, so the caller reads the place as it reads input.
 */
export function decodeCursor(list: unknown, cursor: string): string {
  const place = Buffer.from(cursor.slice(CHECK_CHARACTERS), "base64url").toString()
  if (cursor.length > MAX_LENGTH || encodeCursor(list, place) !== cursor) throw invalidCursor()
  return place
}

export function invalidCursor(): InvalidInputError {
  return new InvalidInputError("Send a cursor as you got it in next_cursor, with the same filters.", "cursor")
}

function checkOf(list: unknown, place: string): string {
  return createHash("sha256")
    .update(JSON.stringify([list, place]))
    .digest("base64url")
    .slice(0, CHECK_CHARACTERS)
}
