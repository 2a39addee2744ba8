import { TypeID, typeid } from "typeid-js"
import { z } from "zod"

/**
 * Ids are UUIDv7 inside. Outside (URLs, the API, Stripe's metadata) they carry a prefix that names their kind:
 * `pool_01jd…`. The two forms convert without loss, and both sort by creation time.
 */
export type IdPrefix =
  | "team"
  | "member"
  | "ntf"
  | "whe"
  | "msg"
  | "pool"
  | "pur"
  | "ent"
  | "key"
  | "hold"
  | "lim"
  | "run"
  | "ses"
  | "aud"
  | "inv"
  | "own"
  | "creq"
  | "apv"
  | "rev"
  | "exp"
  | "stm"

/** Returns a new UUIDv7. */
export function newId(): string {
  return typeid().toUUID()
}

export function toPublicId(prefix: IdPrefix, id: string): string {
  return TypeID.fromUUID(prefix, id).toString()
}

/** Returns the UUID of a public id with this prefix, or null if the text isn't one. */
export function fromPublicId(prefix: IdPrefix, text: string): string | null {
  try {
    return TypeID.fromString(text, prefix).toUUID()
  } catch {
    return null
  }
}

/** Accepts a public id with this prefix and outputs the UUID. */
export function publicIdSchema(prefix: IdPrefix) {
  return z.string().transform((text, ctx) => {
    const id = fromPublicId(prefix, text)
    if (id !== null) return id
    ctx.addIssue("This id is not known.")
    return z.NEVER
  })
}
