import { clock } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { performRun, type ReconcileCtx, reconcile } from "@/lib/reconciliation/reconcile"

export function reconcileCtx(db: Db): ReconcileCtx {
  return { db, clock, expectLivemode: env().STRIPE_SECRET_KEY.includes("_live_") }
}

/** Compares with the whole Stripe account, each hour. One comparison that another process performs is enough. */
export async function reconcileAll({ db, isRepeated }: { db: Db; isRepeated: boolean }): Promise<void> {
  const { status } = await reconcile(reconcileCtx(db), { trigger: "scheduled" })
  // The run is probably this job's own, begun by a process that died. Soon it counts as ended.
  if (status === "busy" && isRepeated) throw new Error("The run that was interrupted is not over yet")
}

/** Makes the comparison that a team's Owner has asked for. */
export async function reconcileTeam({ db }: { db: Db }, runId: string): Promise<void> {
  const { status } = await performRun(reconcileCtx(db), runId)
  if (status !== "busy") return
  const run = await db.reconciliationRun.findUnique({ where: { id: runId }, select: { status: true } })
  if (run?.status === "running") throw new Error("The run that was interrupted is not over yet")
}
