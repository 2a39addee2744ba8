import { hash } from "node:crypto"

/**
 * The two numbers that stand for a request key in the ledger: 64 bits that the database keeps unique in the team, and 32
 * that cover the rest of the key and what was asked, so that another request under the key, or another key with the same
 * 64 bits, is told from a repetition.
 */
export function usageKey(key: string, asked: string): { key: bigint; print: number } {
  const digest = hash("sha256", key, "buffer")
  return {
    key: digest.readBigInt64BE(0),
    print: hash("sha256", `${digest.toString("hex")}\n${asked}`, "buffer").readInt32BE(0),
  }
}
