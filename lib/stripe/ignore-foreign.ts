import { log } from "@/lib/log"
import { perProcess } from "@/lib/per-process"

/** Beyond this number the oldest are forgotten, and said again. */
const REMEMBERED = 10_000

/**
 * Says once per process that something at Stripe belongs to another product that shares the account. No alarm:
 * nothing is wrong, and nobody has to look.
 */
export function ignoreForeign(kind: string, objectId: string): void {
  const seen = perProcess("foreign-stripe-objects", () => new Set<string>())
  if (seen.has(objectId)) return
  if (seen.size >= REMEMBERED) seen.clear()
  seen.add(objectId)
  log().info({ kind, object: objectId }, "Ignored what is not ours at Stripe")
}
