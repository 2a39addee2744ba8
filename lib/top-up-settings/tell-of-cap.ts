import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { startOfMonth } from "./month"
import { readCommitted } from "./settings"

/**
 * Tells once a month that auto top-ups have used 80% of the team's cap, and once that they have used it up or were stopped by
 * it. A changed cap is told of anew.
 */
export async function tellOfCap(
  tx: Tx,
  teamId: string,
  now: Date,
  { hasStopped }: { hasStopped: boolean } = { hasStopped: false },
): Promise<void> {
  const { capNanos } = await tx.spendCap.findUniqueOrThrow({ where: { teamId }, select: { capNanos: true } })
  if (capNanos === null) return
  const committedNanos = await readCommitted(tx, teamId, now)
  const percent = hasStopped || committedNanos >= capNanos ? 100 : 80
  if (percent === 80 && committedNanos * 100n < capNanos * 80n) return
  const cap = toDecimalString(capNanos)
  const cause = `${startOfMonth(now).toISOString().slice(0, 7)}:${percent}:${cap}`
  const data = { percent, cap, committed: toDecimalString(committedNanos) } as const
  await raise(queryIn(tx), { teamId, poolId: null, type: "credit_spend_cap_reached", cause, data }, now)
}
