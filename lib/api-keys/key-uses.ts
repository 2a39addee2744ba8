import { LRUCache } from "lru-cache"
import { MINUTE_MS, SECOND_MS } from "@/lib/clock"
import type { Query, Statement } from "@/lib/db/query"
import { log } from "@/lib/log"

/** How long uses are gathered before they are written together. */
const GATHER_MS = 5 * SECOND_MS
const MAX_KEYS = 20_000

// Other processes note uses too. The first writes, and the rest of the minute is left out.
const WRITE_USES: Statement = {
  name: "api_key_uses_write",
  text: `INSERT INTO api_key_uses AS u (team_id, api_key_id, last_used_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) ORDER BY 1, 2
    ON CONFLICT (team_id, api_key_id) DO UPDATE SET last_used_at = excluded.last_used_at
    WHERE u.last_used_at <= excluded.last_used_at - interval '1 minute'`,
}

type UsedKey = { teamId: string; apiKeyId: string }

/**
 * Records when keys were last used, to the minute and without keeping a request waiting: uses are gathered in memory
 * and written together. What a process that ends has not yet written is lost.
 */
export class KeyUses {
  private readonly pending = new Map<string, UsedKey & { at: number }>()
  private readonly notedAt = new LRUCache<string, number>({ max: MAX_KEYS })
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly query: Query) {}

  note({ teamId, apiKeyId }: UsedKey, now: number): void {
    const last = this.notedAt.get(apiKeyId)
    if (last !== undefined && now - last < MINUTE_MS) return
    this.notedAt.set(apiKeyId, now)
    this.pending.set(apiKeyId, { teamId, apiKeyId, at: now })
    // It keeps no process alive.
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref()
  }

  /** Writes what was gathered. A failure costs only the note. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    const uses = [...this.pending.values()]
    this.pending.clear()
    if (uses.length === 0) return
    try {
      await this.query(WRITE_USES, [
        uses.map(({ teamId }) => teamId),
        uses.map(({ apiKeyId }) => apiKeyId),
        uses.map(({ at }) => new Date(at)),
      ])
    } catch (error) {
      log().warn({ err: error, keys: uses.length }, "The last use of API keys couldn’t be noted")
    }
  }
}
