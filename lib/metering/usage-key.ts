import { hash } from "node:crypto"

/**
 * Returns the two numbers that stand for a request key in the ledger: 64 bits that the database keeps unique in the
 * team, and 32 bits that cover the rest of the key and the request. They tell a repetition from another request under
 * the key, and from another key with the same 64 bits.
 */
export function usageKey(key: string, asked: string): { key: bigint; print: number } {
  const digest = hash("sha256", key, "buffer")
  return { key: digest.readBigInt64BE(0), print: (digest.readInt32BE(8) + checksum(asked)) | 0 }
}

/** The key of a hold's capture, which no client's key can be. */
export function captureKey(holdId: string): { key: bigint; print: number } {
  return usageKey(`\u0001hold ${holdId}`, "")
}

/** FNV-1a. It need not be secure: somebody who makes two requests look alike on purpose fools only themselves. */
function checksum(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  return sum | 0
}
