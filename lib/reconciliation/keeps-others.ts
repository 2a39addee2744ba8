import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"

/**
 * Runs the repair of one object. A permanent failure doesn't stop the other repairs: it raises an alarm and returns
 * `failed`. A passing failure ends the run, because the others would fail as well.
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
