import { createHash } from "node:crypto"
import { InvalidInputError } from "@/lib/errors"

const SEQ_BYTES = 8
const CHECK_BYTES = 6

/** Encodes where the next page of a pool's transactions begins, as a text that means nothing to its reader. */
export function toCursor(poolId: string, before: bigint): string {
  const seq = Buffer.alloc(SEQ_BYTES)
  seq.writeBigInt64BE(before)
  return Buffer.concat([seq, checkOf(poolId, seq)]).toString("base64url")
}

/** Decodes it again. Refuses a cursor of another pool and one that was changed. */
export function fromCursor(poolId: string, cursor: string): bigint {
  const bytes = /^[A-Za-z0-9_-]{1,40}$/.test(cursor) ? Buffer.from(cursor, "base64url") : Buffer.alloc(0)
  const seq = bytes.subarray(0, SEQ_BYTES)
  const isOurs =
    bytes.length === SEQ_BYTES + CHECK_BYTES &&
    bytes.toString("base64url") === cursor &&
    checkOf(poolId, seq).equals(bytes.subarray(SEQ_BYTES))
  if (!isOurs) throw new InvalidInputError("Send a cursor as you got it in next_cursor.", "cursor")
  return seq.readBigInt64BE()
}

function checkOf(poolId: string, seq: Buffer): Buffer {
  return createHash("sha256").update(poolId).update(seq).digest().subarray(0, CHECK_BYTES)
}
