import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"

/**
 * Runs the repair of one object. If it fails for good, that keeps no other from being repaired: there is an alarm and
 * `failed`. What may work in a moment ends the run, because it would fail for the others as well.
 */
export async function keepsOthers<T>(objectId: string, repair: () => Promise<T>): Promise<T | "failed"> {
  try {
    return await repair()
  } catch (error) {
    if (error instanceof UnavailableError || isPassingFailure(error)) throw error
    alarm("reconciliation_repair_failed", {
      object: objectId,
      reason: error instanceof Error ? error.message : String(error),
    })
    return "failed"
  }
}
