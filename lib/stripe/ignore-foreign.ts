import { log } from "@/lib/log"
import { perProcess } from "@/lib/per-process"

/** More than that is forgotten, and said again. */
const REMEMBERED = 10_000

/**
 * Says once in a process that something at Stripe is of another product that shares the account. It is no alarm: nothing
 * is wrong, and nobody has to look.
 */
export function ignoreForeign(kind: string, objectId: string): void {
  const seen = perProcess("foreign-stripe-objects", () => new Set<string>())
  if (seen.has(objectId)) return
  if (seen.size >= REMEMBERED) seen.clear()
  seen.add(objectId)
  log().info({ kind, object: objectId }, "Ignored what is not ours at Stripe")
}
