import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { requirePermission } from "@/lib/teams/require-permission"
import type { PaymentMethodCtx } from "./ctx"

const WINDOW_MS = 10 * MINUTE_MS

/**
 * `add`: enough for people who mistype, too few for somebody who tests stolen cards. `change`: Stripe answers only so many
 * calls per second for all teams together, and nobody should use them up.
 */
const LIMITS = {
  add: { user: 15, team: 30, address: 60 },
  change: { user: 60, team: 120, address: 240 },
} as const

/** Lets an Owner or Admin act who hasn't done so too often. Before Stripe is asked anything. */
export async function admit(
  tx: Tx,
  { team, actor, now }: PaymentMethodCtx,
  kind: keyof typeof LIMITS,
): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "payment-methods:manage")
  const limits = LIMITS[kind]
  for (const [subject, limit] of [
    [`payment-method-${kind}:user:${actor.userId}`, limits.user],
    [`payment-method-${kind}:team:${team.id}`, limits.team],
    [`payment-method-${kind}:address:${actor.address}`, limits.address],
  ] as const)
    await takeAttempt(tx, { subject, limit, windowMs: WINDOW_MS }, now)
}
