import { MINUTE_MS } from "@/lib/clock"
import { perProcess } from "@/lib/per-process"

/** A database that is put back from a backup may know a key again. */
const KEPT_MS = MINUTE_MS
const MAX_KEYS = 10_000

/**
 * The hashes of keys that the database didn't know, for a while, so that it isn't asked for the same one again. Safe, because
 * a new key is a number that nobody can have presented before: what was refused once isn't made later, and what is made in
 * this process is taken out.
 */
export class RefusedKeys {
  private readonly untilOf = new Map<string, number>()

  has(keyHash: string, now: number): boolean {
    const until = this.untilOf.get(keyHash)
    return until !== undefined && until > now
  }

  add(keyHash: string, now: number): void {
    this.untilOf.delete(keyHash)
    this.untilOf.set(keyHash, now + KEPT_MS)
    const oldest = this.untilOf.size > MAX_KEYS ? this.untilOf.keys().next().value : undefined
    if (oldest !== undefined) this.untilOf.delete(oldest)
  }

  forget(keyHash: string): void {
    this.untilOf.delete(keyHash)
  }
}

/** Those that this process has refused. */
export function refusedKeys(): RefusedKeys {
  return perProcess("refused-api-keys", () => new RefusedKeys())
}
