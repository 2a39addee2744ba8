import { queryIn } from "@/lib/db/query"
import { requirePoolNo } from "@/lib/pools/queries"
import { answerForReader } from "@/lib/stripe/outcome"
import { readTopUpPayment } from "@/lib/stripe/top-up-payments"
import { requirePermission } from "@/lib/teams/require-permission"
import type { AutoTopUpCtx } from "./ctx"
import { findOpenTopUp } from "./store"
import { settleTopUp } from "./top-up-pool"

export type Authentication = { clientSecret: string; paymentMethodId: string | null }

/**
 * Returns what a browser needs to put the bank's question to an Owner or Admin. Null when no top-up of the pool waits
 * for it.
 */
export async function readAuthentication(
  ctx: AutoTopUpCtx,
  { poolId }: { poolId: string },
): Promise<Authentication | null> {
  await admit(ctx, poolId)
  const topUp = await findOpenTopUp(queryIn(ctx.db), { teamId: ctx.team.id, poolId })
  if (!topUp?.paymentIntentId || topUp.expiresAt <= ctx.now) return null
  const found = answerForReader(await readTopUpPayment(topUp.paymentIntentId))
  if (found.kind === "missing" || found.state.status !== "needs_authentication") return null
  const { clientSecret, paymentMethodId } = found.state
  return { clientSecret, paymentMethodId: paymentMethodId ?? topUp.paymentMethodId }
}

/**
 * Records the outcome and returns the amount added. If Stripe can't be asked now, the webhook or the next sweep
 * brings it.
 */
export async function finishAuthentication(
  ctx: AutoTopUpCtx,
  { poolId }: { poolId: string },
): Promise<{ creditedNanos: bigint | null }> {
  await admit(ctx, poolId)
  const ref = { teamId: ctx.team.id, poolId }
  const topUp = await findOpenTopUp(queryIn(ctx.db), ref)
  if (topUp) await settleTopUp(ctx, topUp)
  // Not by the open one's id, because the webhook may have been faster.
  const last = await ctx.db.purchase.findFirst({
    where: { ...ref, kind: "auto_top_up" },
    orderBy: { createdAt: "desc" },
    select: { status: true, capturedNanos: true },
  })
  return { creditedNanos: last?.status === "succeeded" ? last.capturedNanos : null }
}

async function admit({ db, team, actor }: AutoTopUpCtx, poolId: string): Promise<void> {
  await db.$transaction((tx) =>
    requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "auto-top-up:manage"),
  )
  await requirePoolNo(db, team.id, poolId)
}
