import { createHash } from "node:crypto"
import { invalidCursor } from "./cursor"

const SEQ_BYTES = 8
const CHECK_BYTES = 6

/**
 * Encodes where the next page of a list of transactions begins, as a text that means nothing to its reader. The list is named by
 * its pool and its filter.
 */
export function toCursor(list: string, before: bigint): string {
  const seq = Buffer.alloc(SEQ_BYTES)
  seq.writeBigInt64BE(before)
  return Buffer.concat([seq, checkOf(list, seq)]).toString("base64url")
}

/** Decodes it again. Refuses a cursor of another pool, one with another filter, and one that was changed. */
export function fromCursor(list: string, cursor: string): bigint {
  const bytes = /^[A-Za-z0-9_-]{1,40}$/.test(cursor) ? Buffer.from(cursor, "base64url") : Buffer.alloc(0)
  const seq = bytes.subarray(0, SEQ_BYTES)
  const isOurs =
    bytes.length === SEQ_BYTES + CHECK_BYTES &&
    bytes.toString("base64url") === cursor &&
    checkOf(list, seq).equals(bytes.subarray(SEQ_BYTES))
  if (!isOurs) throw invalidCursor()
  return seq.readBigInt64BE()
}

function checkOf(list: string, seq: Buffer): Buffer {
  return createHash("sha256").update(list).update(seq).digest().subarray(0, CHECK_BYTES)
}
