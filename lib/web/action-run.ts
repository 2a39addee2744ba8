import { AsyncLocalStorage } from "node:async_hooks"
import { perProcess } from "@/lib/per-process"

/** Of a request that calls a server action: whether what was sent could be read, so that the action has begun. */
type ActionRun = { hasBegun: boolean }

/** Set around each such request by guardRequests. */
export function actionRuns(): AsyncLocalStorage<ActionRun> {
  return perProcess("action-runs", () => new AsyncLocalStorage<ActionRun>())
}

/** What fails from here on is a fault of ours. Said by what every action begins with. */
export function noteActionBegun(): void {
  const run = actionRuns().getStore()
  if (run) run.hasBegun = true
}
