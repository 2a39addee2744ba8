import type { Tx } from "@/lib/db/client"
import { InvalidInputError } from "@/lib/errors"
import { formatUsd } from "@/lib/money/usd"
import { getMemberNames } from "@/lib/teams/names"
import type { PoolRef } from "@/lib/top-up-settings/settings"
import { amountAboveCap, exceedsCap, type SpendCap, type TopUpSettings } from "./schema"

type Save = TopUpSettings & { cap: { capNanos: bigint | null } }

/**
 * Throws `InvalidInputError` if the change leaves a pool of the team whose amount exceeds the month's cap. The
 * database holds the same at commit.
 */
export async function requireFit(
  tx: Tx,
  ref: PoolRef,
  { save, cap }: { save: Save; cap: SpendCap },
): Promise<void> {
  const { capNanos } = save.cap
  if (capNanos !== null && save.enabled && exceedsCap(save.amountNanos, capNanos))
    throw new InvalidInputError(amountAboveCap(capNanos), "amount")
  if (capNanos === cap.capNanos) return
  const largest = await findLargestOther(tx, ref)
  if (!largest || !exceedsCap(largest.amountNanos, capNanos)) return
  const whose =
    largest.memberId && (await getMemberNames(tx, ref.teamId, [largest.memberId])).get(largest.memberId)
  throw new InvalidInputError(
    `The cap can’t be less than the ${formatUsd(largest.amountNanos)} that auto top-up adds to ${whose ? `${whose}’s` : "your team’s"} credits.`,
    "cap",
  )
}

function findLargestOther(tx: Tx, { teamId, poolId }: PoolRef) {
  return tx.$queryRaw<{ amountNanos: bigint; memberId: string | null }[]>`
    SELECT s.amount_nanos AS "amountNanos", p.member_id AS "memberId"
    FROM auto_top_up_settings s JOIN pools p ON p.team_id = s.team_id AND p.id = s.pool_id
    WHERE s.team_id = ${teamId}::uuid AND s.pool_id <> ${poolId}::uuid AND s.enabled
    ORDER BY s.amount_nanos DESC, s.pool_id LIMIT 1`.then(([row]) => row ?? null)
}
