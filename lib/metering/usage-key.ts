import { hash } from "node:crypto"

/**
 * The two numbers that stand for a request key in the ledger: 64 bits that the database keeps unique in the team, and 32
 * that cover the rest of the key and what was asked, so that another request under the key, or another key with the same
 * 64 bits, is told from a repetition.
 */
export function usageKey(key: string, asked: string): { key: bigint; print: number } {
  const digest = hash("sha256", key, "buffer")
  return { key: digest.readBigInt64BE(0), print: (digest.readInt32BE(8) + checksum(asked)) | 0 }
}

/** Those of what a hold is captured with, which no client's key can be. */
export function captureKey(holdId: string): { key: bigint; print: number } {
  return usageKey(`\u0001hold ${holdId}`, "")
}

/** FNV-1a. Whoever would make two requests look alike on purpose fools nobody but himself, so it need not be secure. */
function checksum(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  return sum | 0
}
