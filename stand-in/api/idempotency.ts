import { createHash } from "node:crypto"
import { invalidRequest, StripeApiError } from "../notation/errors"
import type { StoredAnswer } from "../world/tables"
import type { World } from "../world/world"

const MAX_KEY_LENGTH = 255
const KEPT_MS = 24 * 3600 * 1000

export interface KeyedCall {
  apiKey: string
  key: string
  method: string
  path: string
  body: string
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

/** Remembers each answer for a day of the stand-in's clock. A key belongs to the API key that used it. */
export class Idempotency {
  private readonly inUse = new Set<string>()

  constructor(private readonly world: World) {}

  /** Returns the earlier answer, or null when this call is the first and now holds the key. */
  begin(call: KeyedCall): StoredAnswer | null {
    const id = sha256(`${call.apiKey}\n${call.key}`)
    if (call.key.length > MAX_KEY_LENGTH) {
      throw invalidRequest(
        `The idempotency key \`${call.key}\` is longer than the maximum of ${MAX_KEY_LENGTH} characters.`,
      )
    }
    const stored = this.world.store.get("answer", id)
    const fresh = stored && this.world.clock.nowMs() - stored.createdMs < KEPT_MS
    if (fresh && stored.fingerprint !== fingerprintOf(call)) {
      throw new StripeApiError(400, {
        type: "idempotency_error",
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${call.key}' if you meant to execute a different request.`,
      })
    }
    if (this.inUse.has(id)) {
      throw new StripeApiError(409, {
        type: "idempotency_error",
        code: "idempotency_key_in_use",
        message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${call.key}. If you meant to execute a different request, you should use a different key.`,
      })
    }
    if (fresh) return stored
    this.inUse.add(id)
    return null
  }

  end(call: KeyedCall, answer: { status: number; body: string } | null): void {
    const id = sha256(`${call.apiKey}\n${call.key}`)
    this.inUse.delete(id)
    if (answer === null) return
    const createdMs = this.world.clock.nowMs()
    this.world.store.put("answer", { id, fingerprint: fingerprintOf(call), createdMs, ...answer })
  }
}

function fingerprintOf(call: KeyedCall): string {
  return sha256(`${call.method} ${call.path}\n${call.body}`)
}
