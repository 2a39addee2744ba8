import { decodeCursor, encodeCursor, invalidCursor } from "./cursor"

/** Encodes where the next page of a list of transactions begins. The list is named by its pool and its filter. */
export function toCursor(list: string, before: bigint): string {
  return encodeCursor(list, String(before))
}

/** Decodes it again. Refuses a cursor of another pool, one with another filter, and one that was changed. */
export function fromCursor(list: string, cursor: string): bigint {
  const place = decodeCursor(list, cursor)
  if (!/^[0-9]{1,18}$/.test(place)) throw invalidCursor()
  return BigInt(place)
}
