import { toPublicId } from "@/lib/ids"

/**
 * Returns a record's metadata with the run that used it, by which usage is read later. A client that sends a `run` of
 * its own keeps it.
 */
export function withRun(metadata: string | null, taskId: string): string {
  const sent: Record<string, unknown> = metadata === null ? {} : JSON.parse(metadata)
  return JSON.stringify({ run: toPublicId("run", taskId), ...sent })
}
