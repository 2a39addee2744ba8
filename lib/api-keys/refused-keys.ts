import { LRUCache } from "lru-cache"
import { MINUTE_MS } from "@/lib/clock"
import { perProcess } from "@/lib/per-process"

/** A database restored from a backup may know a key again. */
const KEPT_MS = MINUTE_MS
const MAX_KEYS = 10_000

/**
 * Remembers for a while the hashes of keys that the database didn't know, so that it isn't asked about them again.
 * That is safe: a new key is a random number that nobody can have presented before, and a key made in this process is
 * taken out.
 */
export class RefusedKeys {
  private readonly untilOf = new LRUCache<string, number>({ max: MAX_KEYS })

  has(keyHash: string, now: number): boolean {
    const until = this.untilOf.get(keyHash)
    return until !== undefined && until > now
  }

  add(keyHash: string, now: number): void {
    this.untilOf.set(keyHash, now + KEPT_MS)
  }

  forget(keyHash: string): void {
    this.untilOf.delete(keyHash)
  }
}

/** The keys that this process has refused. */
export function refusedKeys(): RefusedKeys {
  return perProcess("refused-api-keys", () => new RefusedKeys())
}
