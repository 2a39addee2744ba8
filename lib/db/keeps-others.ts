import { UnavailableError } from "@/lib/errors"
import { alarm } from "@/lib/log"
import { isPassingFailure } from "./failures"

/**
 * Runs a sweep's work on one of many. A failure that stays delays no other: it raises an alarm and returns `failed`. A
 * passing one ends the sweep, because the others would fail as well.
 */
export async function keepsOthers<T>(
  alarmCode: string,
  about: Record<string, string>,
  run: () => Promise<T>,
): Promise<T | "failed"> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof UnavailableError || isPassingFailure(error)) throw error
    alarm(alarmCode, { ...about, reason: error instanceof Error ? error.message : String(error) })
    return "failed"
  }
}
