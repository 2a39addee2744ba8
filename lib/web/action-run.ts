import { AsyncLocalStorage } from "node:async_hooks"
import { perProcess } from "@/lib/per-process"

/**
 * The state of a request that calls a server action. `hasBegun` is true once the input was readable and the action
 * has started.
 */
type ActionRun = { hasBegun: boolean }

/** guardRequests sets it around each such request. */
export function actionRuns(): AsyncLocalStorage<ActionRun> {
  return perProcess("action-runs", () => new AsyncLocalStorage<ActionRun>())
}

/** Marks every failure from here on as our own fault. Every action calls it first. */
export function noteActionBegun(): void {
  const run = actionRuns().getStore()
  if (run) run.hasBegun = true
}
